/** A finding of a check on a message: the shape that all checks share. */

import type { Severity } from '../../contract/names.ts';

export type { Severity };

/** The place that a finding is about; every known field is set. */
export interface FindingPlace {
  /** Header field name as written. */
  readonly header?: string;
  /** IMAP part number of the MIME part, e.g. `1.2`. */
  readonly part?: string;
  /** Byte offset in the raw message. */
  readonly offset?: number;
  /** Line in the raw message, from 1. */
  readonly line?: number;
  /** Column in that line in bytes, from 1. */
  readonly column?: number;
  /** The text in question, shortened. */
  readonly excerpt?: string;
}

export interface Finding {
  /** The check that found it, e.g. `protocol`, `standards`, `links`. */
  readonly check: string;
  /** Rule id within the check, kebab-case, stable. */
  readonly rule: string;
  readonly severity: Severity;
  /** What is wrong, in one sentence. */
  readonly message: string;
  readonly where: FindingPlace | null;
  /** RFC and section, or the address of the document with the requirement. */
  readonly reference: string | null;
  /** The remedy. */
  readonly help: string | null;
}
