/** The octets of a message: in memory, or in a file where the message is too large to be held in memory. */

/** A file that holds a complete message and nothing else. */
export interface MessageFile {
  readonly file: string;
  /** Octets of the file. */
  readonly size: number;
}

export type MessageOctets = Buffer | MessageFile;

export const octetCount = (octets: MessageOctets): number =>
  Buffer.isBuffer(octets) ? octets.length : octets.size;
