/** Packs the segments of a data directory that no store has open. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { TimeSlice } from '../../server/async/time-slice.ts';
import { Packer } from '../../server/store/raw/packer.ts';
import { segmentNumber, Segments } from '../../server/store/raw/segments.ts';

export async function packSegments(directory: string): Promise<void> {
  const raw = path.join(directory, 'raw');
  const segments = new Segments(raw, true);
  for (const name of readdirSync(raw)) {
    const number = segmentNumber(name);
    if (number !== undefined) segments.register(name, number);
  }
  const packer = new Packer(segments);
  for (const segment of segments.full()) {
    await packer.pack(segment, new TimeSlice(), () => false);
    if (!segment.isPacked) throw new Error(`${segment.path} is not packed`);
  }
  segments.close();
}
