/** The octets of a message: a buffer, or a file for a message that is too large for memory. */

/** A file that contains exactly one complete message. */
export interface MessageFile {
  readonly file: string;
  /** Size of the file in octets. */
  readonly size: number;
}

export type MessageOctets = Buffer | MessageFile;

export const octetCount = (octets: MessageOctets): number =>
  Buffer.isBuffer(octets) ? octets.length : octets.size;
