/** Findings: the results of the checks on a message, in the form that all checks share. */

import type { Severity } from '../../contract/names.ts';

export type { Severity };

/** The place in the message to which a finding refers. Only the fields that are known are set. */
export interface FindingPlace {
  /** Name of the header field as written in the message. */
  readonly header?: string;
  /** IMAP part number of the MIME part, e.g. `1.2`. */
  readonly part?: string;
  /** Byte offset of the place in the raw message. */
  readonly offset?: number;
  /** Line number of the place in the raw message, from 1. */
  readonly line?: number;
  /** Column of the place in its line, in bytes, from 1. */
  readonly column?: number;
  /**
   * The place in the decoded text of the part: line and column from 1, the column in UTF-16 code units. The fields
   * `line` and `column` above refer to the transmitted message, in which the text may be encoded.
   */
  readonly decoded?: { readonly line: number; readonly column: number };
  /** Shortened text from the message to which the finding refers. */
  readonly excerpt?: string;
}

export interface Finding {
  /** Name of the check that reported the finding, e.g. `protocol`, `standards`, `links`. */
  readonly check: string;
  /** Id of the rule within the check: in kebab-case, and the same in all versions. */
  readonly rule: string;
  readonly severity: Severity;
  /** Description of the fault, in one sentence. */
  readonly message: string;
  readonly where: FindingPlace | null;
  /**
   * RFC and section, or the address of the document that contains the violated requirement; `null` if there is
   * no such document.
   */
  readonly reference: string | null;
  /** Description of how to correct the fault; `null` if no correction is known. */
  readonly help: string | null;
}
