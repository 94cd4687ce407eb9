/** A spam filter as the check asks it: what it says, and how it may fail. */
import type { CheckRequest } from '../check.ts';
import type { FilterAddress } from './address.ts';

/** A rule of the filter that a message met. */
export interface FilterRule {
  /** As the filter writes it, e.g. `MISSING_DATE`. */
  readonly name: string;
  /** Points towards spam; negative ones speak for the message. */
  readonly points: number;
  readonly description: string;
}

export interface FilterVerdict {
  readonly points: number;
  /** Points from which on a message is spam. */
  readonly required: number;
  readonly rules: readonly FilterRule[];
}

/** The filter is there and says something that is no answer. */
export class FilterAnswerError extends Error {
  override readonly name = 'FilterAnswerError';
}

export interface Filter {
  readonly id: 'spamassassin' | 'rspamd';
  /** As messages name it. */
  readonly title: string;
  readonly address: FilterAddress;
  /** Rejects with a `FilterAnswerError`, an error of the system, or when `signal` aborts. */
  ask(raw: Buffer, request: FilterRequest, signal: AbortSignal): Promise<FilterVerdict>;
}

export interface FilterRequest extends CheckRequest {
  readonly recipients: readonly string[];
}

/** Octets of an answer that are read. */
export const MAX_ANSWER = 1_000_000;
