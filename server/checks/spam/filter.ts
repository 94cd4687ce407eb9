/** The types of a spam filter: its requests, its verdicts and its errors. */
import type { CheckRequest } from '../check.ts';
import type { FilterAddress } from './address.ts';

/** A rule of the filter that a message matched. */
export interface FilterRule {
  /** The name of the rule in the filter, e.g. `MISSING_DATE`. */
  readonly name: string;
  /** The points of the rule: positive for spam, negative for a wanted message. */
  readonly points: number;
  readonly description: string;
}

export interface FilterVerdict {
  readonly points: number;
  /** The points from which on a message is spam. */
  readonly required: number;
  readonly rules: readonly FilterRule[];
}

/** The filter sent an invalid answer. */
export class FilterAnswerError extends Error {
  override readonly name = 'FilterAnswerError';
}

export interface Filter {
  readonly id: 'spamassassin' | 'rspamd';
  /** The name of the filter in findings. */
  readonly title: string;
  readonly address: FilterAddress;
  /**
   * Returns the verdict on a message. Rejects with `FilterAnswerError`, with a system error, or when `signal` aborts.
   */
  ask(raw: Buffer, request: FilterRequest, signal: AbortSignal): Promise<FilterVerdict>;
}

export interface FilterRequest extends CheckRequest {
  readonly recipients: readonly string[];
}

/** The maximum size of an answer in octets. */
export const MAX_ANSWER = 1_000_000;
