/** The types of a spam filter: the request, the verdict and the errors. */
import type { CheckRequest } from '../check.ts';
import type { FilterAddress } from './address.ts';

/** A rule of the spam filter that a message matched. */
export interface FilterRule {
  /** The name that the spam filter gives the rule, e.g. `MISSING_DATE`. */
  readonly name: string;
  /**
   * The points of the rule: positive if the rule indicates spam, negative if it indicates a wanted message.
   */
  readonly points: number;
  readonly description: string;
}

export interface FilterVerdict {
  readonly points: number;
  /** The minimum number of points at which the filter considers a message spam. */
  readonly required: number;
  readonly rules: readonly FilterRule[];
}

/** The error for an invalid response of a spam filter. */
export class FilterAnswerError extends Error {
  override readonly name = 'FilterAnswerError';
}

export interface Filter {
  readonly id: 'spamassassin' | 'rspamd';
  /** The display name of the filter in findings. */
  readonly title: string;
  readonly address: FilterAddress;
  /**
   * Sends a message to the filter and returns the filter's verdict. Rejects with `FilterAnswerError`, with a
   * system error, or when `signal` aborts.
   */
  ask(raw: Buffer, request: FilterRequest, signal: AbortSignal): Promise<FilterVerdict>;
}

export interface FilterRequest extends CheckRequest {
  readonly recipients: readonly string[];
}

/** The maximum size of a filter's response in octets. */
export const MAX_ANSWER = 1_000_000;
