/** The place where the segments of an index are stored. */
import { DamagedSegment, type SegmentSource } from './segment-file.ts';

export interface SegmentHome {
  /** Whether segments can currently be written to this place. */
  readonly isWritable: boolean;
  /** Returns the names of the stored segments, in the order in which they were written. */
  list(): Promise<readonly string[]>;
  open(name: string): Promise<SegmentSource>;
  /** Writes a segment and returns its name. If the write fails, no part of the segment remains. */
  write(pieces: AsyncIterable<Uint8Array>): Promise<string>;
  remove(name: string): Promise<void>;
}

/** Returns a place that keeps segments in memory, for a store without a data directory. */
export function memoryHome(): SegmentHome {
  const segments = new Map<string, Buffer>();
  let next = 1;
  return {
    isWritable: true,
    list: () => Promise.resolve([...segments.keys()]),
    open(name) {
      const octets = segments.get(name);
      if (octets === undefined) return Promise.reject(new DamagedSegment(`there is no segment ${name}`));
      return Promise.resolve(memorySource(octets));
    },
    async write(pieces) {
      const all: Uint8Array[] = [];
      for await (const piece of pieces) all.push(Uint8Array.from(piece));
      const name = String(next++);
      segments.set(name, Buffer.concat(all));
      return name;
    },
    remove(name) {
      segments.delete(name);
      return Promise.resolve();
    },
  };
}

const memorySource = (octets: Buffer): SegmentSource => ({
  size: octets.length,
  read: (from, to) =>
    to > octets.length
      ? Promise.reject(new DamagedSegment('the segment is too short'))
      : Promise.resolve(octets.subarray(from, to)),
  close: () => Promise.resolve(),
});
