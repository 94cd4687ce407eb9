/** The data that Cypress passes between the browser and Node: JSON, with an encoding for regular expressions. */
import type { Address, Code, Link } from '../../contract/index.ts';
import type { MailLogin, NoneOptions } from '../inbox.ts';
import { isRegExp } from '../matcher.ts';

export interface TaskRequest {
  readonly address?: string;
  readonly wishes?: unknown;
  /** The criteria of the command's wait, or the choice of a code or link, encoded with `encode`. */
  readonly wanted?: unknown;
  readonly options?: Pick<NoneOptions, 'timeout' | 'quietFor' | 'after'>;
  /** The test that begins. */
  readonly test?: { readonly name: string; readonly file?: string };
  /** Whether the test that ends has failed. */
  readonly isFailed?: boolean;
}

export interface CypressInbox {
  readonly address: string;
  readonly url: string;
  readonly smtp: MailLogin;
}

export interface CypressMessage {
  readonly id: string;
  readonly subject: string;
  readonly from: readonly Address[];
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly bcc: readonly Address[];
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly text: string | null;
  readonly html: string | null;
  readonly links: readonly Link[];
  readonly codes: readonly Code[];
  readonly attachments: readonly {
    readonly filename: string | null;
    readonly type: string;
    readonly size: number;
  }[];
}

interface EncodedRegExp {
  readonly $regexp: readonly [source: string, flags: string];
}

const isEncoded = (value: object): value is EncodedRegExp => '$regexp' in value;

/** Encodes a value as JSON. Throws for functions, which JSON cannot represent. */
export function encode(value: unknown): unknown {
  if (isRegExp(value)) return { $regexp: [value.source, value.flags] } satisfies EncodedRegExp;
  if (typeof value === 'function') {
    throw new TypeError('Cypress cannot wait with a function: use a query, a text or a regular expression');
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, encode(part)]));
}

export function decode(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isEncoded(value)) return new RegExp(...value.$regexp);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, decode(part)]));
}
