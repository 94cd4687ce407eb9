/** The job that renders a request: in the calling thread for a small request, in a worker thread for a large one. */
import type { Job } from '../thread/job.ts';
import { Failed, Refused, type Answer, type Failure } from './answer.ts';
import { MemberError } from './json.ts';
import { render as mailgun } from './mailgun/send.ts';
import { render as postmark } from './postmark/send.ts';
import type { Render, RenderInput, RenderedMessage, Rendering } from './render.ts';
import { render as resend } from './resend/send.ts';
import { render as sendgrid } from './sendgrid/send.ts';

const renderers = {
  sendgrid,
  resend,
  postmark,
  mailgun,
} satisfies Readonly<Record<string, Render>>;

export type RendererName = keyof typeof renderers;

interface JobInput extends RenderInput {
  readonly renderer: RendererName;
}

/** A message without its octets, and the place of its octets in the octets of all messages. */
interface PlacedMessage extends Omit<RenderedMessage, 'raw'> {
  readonly start: number;
  readonly end: number;
}

/** The output is plain data, because errors lose their class between threads. */
type JobOutput =
  | {
      readonly kind: 'rendered';
      /** The octets of all messages in one array, which is transferred between the threads without a copy. */
      readonly octets: Uint8Array;
      readonly items: readonly { readonly message?: PlacedMessage; readonly refusal?: unknown }[];
      readonly facts: Rendering['facts'];
    }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'member'; readonly member: Pick<MemberError, 'path' | 'problem' | 'isMissing'> }
  | { readonly kind: 'refused'; readonly answer: Answer };

function place({ items, facts }: Rendering): JobOutput {
  let end = 0;
  const placed = items.map(({ message, refusal }) => {
    if (message === undefined) return { refusal };
    const { raw, ...rest } = message;
    const start = end;
    end += raw.length;
    return { message: { ...rest, start, end } };
  });
  const raws = items.flatMap(({ message }) => (message === undefined ? [] : [message.raw]));
  // The octets of a single message are not copied into a new array.
  const octets = raws.length === 1 && raws[0] !== undefined ? raws[0] : Buffer.concat(raws);
  return { kind: 'rendered', octets, items: placed, facts };
}

export const renderJob: Job<JobInput, JobOutput> = {
  name: 'provider-render',
  async run({ renderer, ...input }) {
    try {
      return place(await renderers[renderer](input));
    } catch (error) {
      if (error instanceof Failed) return { kind: 'failed', failure: error.failure };
      if (error instanceof Refused) return { kind: 'refused', answer: error.answer };
      if (!(error instanceof MemberError)) throw error;
      const { path, problem, isMissing } = error;
      return { kind: 'member', member: { path, problem, isMissing } };
    }
  },
};

/** Returns the rendering in the output of the job, or throws the error in it. */
export function renderingOf(output: JobOutput): Rendering {
  if (output.kind === 'failed') throw new Failed(output.failure.kind, output.failure.message);
  if (output.kind === 'refused') throw new Refused(output.answer);
  if (output.kind === 'member') {
    const { path, problem, isMissing } = output.member;
    throw new MemberError(path, problem, isMissing);
  }
  const { octets, items, facts } = output;
  const all = Buffer.from(octets.buffer, octets.byteOffset, octets.length);
  const rendered = items.map(({ message, refusal }) => {
    if (message === undefined) return { refusal };
    const { start, end, ...rest } = message;
    return { message: { ...rest, raw: all.subarray(start, end) } };
  });
  return { items: rendered, ...(facts === undefined ? {} : { facts }) };
}
