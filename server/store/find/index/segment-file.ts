/**
 * Defines the file format of a segment of the search index: sections one after the other, then a directory of
 * the sections, then the length and the checksum of the directory. A file without a valid end is incomplete.
 */
import { crc32 } from 'node:zlib';
import { FOLD_VERSION } from '../language/fold.ts';

/**
 * Version of the segment files. It must change when the layout of the file, the division of texts into
 * tokens, or the selection of indexed texts changes.
 */
const VERSION = `restante search segment 2, folding ${FOLD_VERSION}`;

/** Number of octets at the end of a segment file after its directory: the length and the checksum of the directory. */
const TAIL = 8;

/** A section of a segment file: its offset and length in octets, and its CRC-32. */
interface Section {
  readonly at: number;
  readonly length: number;
  readonly sum: number;
}

interface Directory {
  readonly version: string;
  readonly documents: number;
  readonly sections: Readonly<Record<string, Section>>;
}

/** The source of the octets of a segment: a file, or a buffer in memory. */
export interface SegmentSource {
  /** Total number of octets of the segment. */
  readonly size: number;
  /**
   * Reads the octets from the offset `from` up to, but not including, `to`. Throws the error of the file system, or
   * `DamagedSegment` if there are fewer octets.
   * @param into a buffer that may be overwritten with the octets, so that no new buffer is allocated
   */
  read(from: number, to: number, into?: Buffer): Promise<Buffer>;
  close(): Promise<void>;
}

/** The error for a segment that is damaged: its octets differ from those that were written. */
export class DamagedSegment extends Error {
  override readonly name = 'DamagedSegment';
}

/** The error for a segment whose file was deleted to free space on the disk. */
export class DroppedSegment extends DamagedSegment {}

/** The error for a segment file that another version of the program wrote. */
export class OtherVersion extends DamagedSegment {}

/** Produces the octets of a segment file, one section after the other. */
export class SegmentFileWriter {
  readonly #sections: Record<string, Section> = {};
  #at = 0;

  /** Yields the pieces of a section, and records the position and the checksum of the section. */
  async *section(
    name: string,
    pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  ): AsyncGenerator<Uint8Array, void, void> {
    const start = this.#at;
    let sum = 0;
    for await (const piece of pieces) {
      sum = crc32(piece, sum);
      this.#at += piece.length;
      yield piece;
    }
    this.#sections[name] = { at: start, length: this.#at - start, sum };
  }

  /** Returns the octets after the last section: the directory of the sections, its length and its checksum. */
  end(documents: number): Buffer {
    const directory: Directory = { version: VERSION, documents, sections: this.#sections };
    const text = Buffer.from(JSON.stringify(directory));
    const tail = Buffer.alloc(TAIL);
    tail.writeUInt32LE(text.length, 0);
    tail.writeUInt32LE(crc32(text), 4);
    return Buffer.concat([text, tail]);
  }
}

/** A segment file that is open for reading, with the directory of its sections. */
export class SegmentFile {
  readonly documents: number;
  readonly #source: SegmentSource;
  readonly #sections: ReadonlyMap<string, Section>;

  private constructor(source: SegmentSource, directory: Directory) {
    this.#source = source;
    this.documents = directory.documents;
    this.#sections = new Map(Object.entries(directory.sections));
  }

  /** Opens a segment. Throws `DamagedSegment` for a file that is incomplete, damaged or of another version. */
  static async open(source: SegmentSource): Promise<SegmentFile> {
    if (source.size < TAIL) throw new DamagedSegment('the file is too short');
    const tail = await source.read(source.size - TAIL, source.size);
    const length = tail.readUInt32LE(0);
    if (length > source.size - TAIL) throw new DamagedSegment('the end of the file is missing');
    const text = await source.read(source.size - TAIL - length, source.size - TAIL);
    if (crc32(text) !== tail.readUInt32LE(4)) throw new DamagedSegment('the directory is damaged');
    const directory = JSON.parse(text.toString()) as Directory;
    if (directory.version !== VERSION) throw new OtherVersion(`the version is “${directory.version}”`);
    return new SegmentFile(source, directory);
  }

  /** Names of the sections in the segment file. */
  get names(): Iterable<string> {
    return this.#sections.keys();
  }

  has(name: string): boolean {
    return this.#sections.has(name);
  }

  /** Reads a whole section and verifies its checksum. Throws `DamagedSegment` if the checksum is wrong. */
  async section(name: string): Promise<Buffer> {
    const section = this.#section(name);
    const octets = await this.#source.read(section.at, section.at + section.length);
    if (crc32(octets) !== section.sum) throw new DamagedSegment(`the section ${name} is damaged`);
    return octets;
  }

  /**
   * Reads a part of a section. The caller must verify the checksum of the octets.
   * @param into a buffer that may be overwritten with the octets, so that no new buffer is allocated
   */
  async part(name: string, from: number, to: number, into?: Buffer): Promise<Buffer> {
    const section = this.#section(name);
    if (to > section.length) throw new DamagedSegment(`the section ${name} is too short`);
    return this.#source.read(section.at + from, section.at + to, into);
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  #section(name: string): Section {
    const section = this.#sections.get(name);
    if (section === undefined) throw new DamagedSegment(`the section ${name} is missing`);
    return section;
  }
}
