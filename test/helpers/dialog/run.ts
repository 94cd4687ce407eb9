/** Runs the steps of a dialogue against a server. If a step fails, the error contains the whole conversation. */
import { DialogSession } from './session.ts';
import type { Dialog, Step } from './parse.ts';
import { lineMatches, sentOctets, unescape, type Functions, type Values } from './text.ts';

export interface DialogEndpoint {
  readonly host: string;
  readonly port: number;
  /** Whether the connection uses TLS from the first octet. */
  readonly secure?: boolean;
}

/** The server that a script is run against, and the functions that its text may use. */
export interface DialogWorld extends DialogEndpoint {
  /** Further listeners of the server, for `connect NAME`. */
  readonly listeners?: Readonly<Record<string, DialogEndpoint>>;
  readonly values?: Readonly<Record<string, string>>;
  readonly functions?: Functions;
}

/** Maximum number of characters of a line that an error message shows. */
const SHOWN = 300;
const shorten = (text: string): string =>
  text.length > SHOWN ? `${text.slice(0, SHOWN)}… (${text.length} characters)` : text;
const visible = (text: string): string =>
  shorten(text.replaceAll('\r', String.raw`\r`).replaceAll('\n', String.raw`\n`));

class Mismatch extends Error {}

class Run {
  readonly #dialog: Dialog;
  readonly #world: DialogWorld;
  readonly #values: Values;
  readonly #sessions = new Map<string, DialogSession>();
  readonly #said: string[] = [];

  constructor(dialog: Dialog, world: DialogWorld) {
    this.#dialog = dialog;
    this.#world = world;
    this.#values = new Map(Object.entries(world.values ?? {}));
  }

  async run(): Promise<void> {
    const { steps, name } = this.#dialog;
    let index = 0;
    try {
      while (index < steps.length) index = await this.#step(steps, index);
    } catch (error) {
      const line = steps[index]?.line ?? 0;
      const reason = error instanceof Error ? error.message : String(error);
      const dialogue = this.#said.map((text) => `  ${text}`).join('\n');
      throw new Error(`${name}:${line}: ${reason}\n\nThe dialogue up to there:\n${dialogue}\n`, {
        cause: error,
      });
    } finally {
      for (const session of this.#sessions.values()) session.destroy();
    }
  }

  /** Runs the step, or the block of steps, at `index`; resolves with the index of the next step. */
  async #step(steps: readonly Step[], index: number): Promise<number> {
    const step = steps[index]!;
    if (step.verb === '<&') {
      const rest = steps.slice(index);
      const count = rest.findIndex(({ verb, session }) => verb !== '<&' || session !== step.session);
      const block = count === -1 ? rest : rest.slice(0, count);
      await this.#expectUnordered(step.session, block);
      return index + block.length;
    }
    await this.#single(step);
    return index + 1;
  }

  async #single(step: Step): Promise<void> {
    switch (step.verb) {
      case 'connect':
        return this.#connect(step);
      case '->': {
        this.#send(step, Buffer.concat([this.#octets(step, false), Buffer.from('\r\n')]));
        return;
      }
      case '->|': {
        this.#send(step, Buffer.concat(Array<Buffer>(step.times).fill(this.#octets(step, true))));
        return;
      }
      case '<-':
        return this.#expectLine(step);
      case '<...':
        return this.#expectUntil(step);
      case '<|':
        return this.#expectOctets(step);
      case 'tls':
        await this.#session(step).startTls();
        {
          this.#note(step, '(TLS)');
          return;
        }
      case 'close':
        this.#session(step).close();
        {
          this.#note(step, '(closed by us)');
          return;
        }
      case 'reset':
        this.#session(step).reset();
        {
          this.#note(step, '(reset by us)');
          return;
        }
      case 'closed':
        return this.#expectEnd(step);
      case '<&':
        return this.#expectUnordered(step.session, [step]);
    }
  }

  async #connect(step: Step): Promise<void> {
    const endpoint = step.text === '' ? this.#world : this.#world.listeners?.[step.text];
    if (endpoint === undefined) throw new Error(`no listener called ${step.text}`);
    this.#sessions.get(step.session)?.destroy();
    this.#sessions.set(step.session, await DialogSession.connect(endpoint));
    this.#note(step, `(connected to ${endpoint.host}:${endpoint.port})`);
  }

  #session(step: Step): DialogSession {
    const session = this.#sessions.get(step.session);
    if (session === undefined) throw new Error(`session ${step.session} has not connected`);
    return session;
  }

  #note(step: Step, text: string): void {
    this.#said.push(`${String(step.line).padStart(4)} ${step.session} ${text}`);
  }

  #octets(step: Step, escapes: boolean): Buffer {
    return sentOctets(step.text, escapes, this.#values, this.#world.functions);
  }

  #send(step: Step, octets: Buffer): void {
    this.#note(step, `-> ${visible(octets.toString('latin1').replace(/\r\n$/, ''))}`);
    this.#session(step).send(octets);
  }

  /** Reads a line for a step. If the connection ends or the time is over, throws an error with the expected text. */
  async #line(step: Step, expected: string): Promise<string> {
    try {
      const line = await this.#session(step).line();
      this.#note(step, `<- ${visible(line)}`);
      return line;
    } catch (error) {
      const rest = this.#sessions.get(step.session)?.unread ?? '';
      const received = `${error instanceof Error ? error.message : String(error)}${
        rest === '' ? '' : `, after the unfinished line ${visible(rest)}`
      }`;
      throw new Mismatch(`expected: ${expected}\n  received: ${received}`, { cause: error });
    }
  }

  async #expectLine(step: Step): Promise<void> {
    const line = await this.#line(step, step.text);
    if (!lineMatches(step.text, line, this.#values)) {
      throw new Mismatch(`another line came\n  expected: ${step.text}\n  received: ${visible(line)}`);
    }
  }

  async #expectUntil(step: Step): Promise<void> {
    for (;;) {
      const line = await this.#line(step, `${step.text} (some time)`);
      if (lineMatches(step.text, line, this.#values)) return;
    }
  }

  async #expectUnordered(session: string, block: readonly Step[]): Promise<void> {
    const left = [...block];
    while (left.length > 0) {
      const expected = left.map(({ text }) => text).join('\n        or: ');
      const first = left[0]!;
      const line = await this.#line({ ...first, session }, expected);
      const found = left.findIndex(({ text }) => lineMatches(text, line, this.#values));
      if (found === -1) {
        throw new Mismatch(`another line came\n  expected: ${expected}\n  received: ${visible(line)}`);
      }
      left.splice(found, 1);
    }
  }

  async #expectOctets(step: Step): Promise<void> {
    const expected = unescape(step.text);
    const session = this.#session(step);
    const octets = await session.octets(expected.length).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Mismatch(`expected: ${step.text}\n  received: ${visible(session.unread)} ${reason}`);
    });
    this.#note(step, `<| ${visible(octets)}`);
    if (octets !== expected) {
      throw new Mismatch(`other octets came\n  expected: ${step.text}\n  received: ${visible(octets)}`);
    }
  }

  async #expectEnd(step: Step): Promise<void> {
    const session = this.#session(step);
    await session.ended().catch((error: unknown) => {
      throw new Mismatch(`expected the server to close the connection: ${String(error)}`);
    });
    if (session.unread !== '') throw new Mismatch(`unread before the end: ${visible(session.unread)}`);
    this.#note(step, '(closed by the server)');
  }
}

/** Runs a dialogue. Throws an `Error` with `file:line`, the expected text, and the conversation so far. */
export function runDialog(dialog: Dialog, world: DialogWorld): Promise<void> {
  return new Run(dialog, world).run();
}
