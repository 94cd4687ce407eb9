/** Reads the colours of a PNG picture with 8 bits per sample and no interlacing (PNG, third edition). */
import { inflateSync } from 'node:zlib';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Returns the colour at a position, such as `#ff0000`. */
  at(x: number, y: number): string;
}

const SAMPLES: Readonly<Record<number, number>> = { 2: 3, 6: 4 };

/** The predictor of the Paeth filter (PNG §9.4). */
function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [toLeft, toUp, toCorner] = [left, up, corner].map((value) => Math.abs(estimate - value));
  if ((toLeft ?? 0) <= (toUp ?? 0) && (toLeft ?? 0) <= (toCorner ?? 0)) return left;
  return (toUp ?? 0) <= (toCorner ?? 0) ? up : corner;
}

/** Returns the decompressed data of a picture: for each row the number of a filter, and the filtered samples. */
function filteredRows(png: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') chunks.push(png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return inflateSync(Buffer.concat(chunks));
}

/** Restores the samples of one row from the filtered samples (PNG §9.2). */
function restoreRow(filter: number, filtered: Buffer, above: Buffer, samples: number): Buffer {
  const row = Buffer.alloc(filtered.length);
  for (const [x, value] of filtered.entries()) {
    const left = row[x - samples] ?? 0;
    const up = above[x] ?? 0;
    const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, above[x - samples] ?? 0)][filter] ?? 0;
    row[x] = value + predicted;
  }
  return row;
}

export function readPng(png: Buffer): Pixels {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const samples = SAMPLES[png[25] ?? 0];
  if (png[24] !== 8 || samples === undefined) throw new Error('The picture has an unusual form');
  const data = filteredRows(png);
  const size = 1 + width * samples;
  const rows: Buffer[] = [];
  for (let y = 0; y < height; y++) {
    const line = data.subarray(y * size, (y + 1) * size);
    rows.push(restoreRow(line[0] ?? 0, line.subarray(1), rows.at(-1) ?? Buffer.alloc(size - 1), samples));
  }
  return {
    width,
    height,
    at: (x, y) => `#${rows[y]?.toString('hex', x * samples, x * samples + 3) ?? ''}`,
  };
}
