/** Draws pictures and a PDF for the sample mail, so that no files of other authors are needed. */
import { crc32, deflateSync } from 'node:zlib';

type Pixel = readonly [red: number, green: number, blue: number];

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** Returns a PNG with eight-bit RGB pixels (ISO/IEC 15948). */
function png(width: number, height: number, at: (x: number, y: number) => Pixel): Buffer {
  const rows = Buffer.alloc(height * (width * 3 + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows.set(at(x, y), y * (width * 3 + 1) + 1 + x * 3);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const mix = (a: Pixel, b: Pixel, share: number): Pixel => [
  Math.round(a[0] + (b[0] - a[0]) * share),
  Math.round(a[1] + (b[1] - a[1]) * share),
  Math.round(a[2] + (b[2] - a[2]) * share),
];

/** Returns a picture of one pixel. */
export const dot = (colour: Pixel): Buffer => png(1, 1, () => colour);

/** Returns a picture of three bowls on a shelf. */
export function photo(): Buffer {
  const bowls: readonly [x: number, radius: number, colour: Pixel][] = [
    [120, 66, [196, 92, 52]],
    [262, 84, [64, 112, 122]],
    [402, 58, [222, 186, 128]],
  ];
  const shelf = 226;
  return png(520, 280, (x, y) => {
    for (const [centre, radius, colour] of bowls) {
      const dx = (x - centre) / radius;
      const dy = (y - (shelf - radius * 0.82)) / (radius * 0.82);
      if (dy >= 0 && dx * dx + dy * dy <= 1)
        return mix(colour, [24, 20, 18], Math.max(0, dx * 0.35 + dy * 0.3));
      if (dy < 0 && dx * dx + dy * dy * 26 <= 1) return mix(colour, [20, 16, 14], 0.55);
    }
    if (y > shelf) return mix([146, 110, 80], [104, 76, 54], (y - shelf) / 54);
    return mix([241, 233, 220], [222, 207, 188], y / shelf);
  });
}

/** Returns a picture of a rising line. */
export function sparkline(): Buffer {
  const values = [9, 8, 11, 10, 13, 12, 16, 15, 19, 22];
  const height = (x: number): number => 24 - (values[Math.min(values.length - 1, Math.floor(x / 8))] ?? 0);
  return png(80, 28, (x, y) => (y >= height(x) ? [138, 59, 18] : [244, 236, 230]));
}

/** Returns a PDF of one page with the text "Invoice" (ISO 32000-1). */
export function document(): Buffer {
  const text = 'BT /F1 24 Tf 72 720 Td (Invoice 2026-1107) Tj 0 -40 Td /F1 14 Tf (Total: EUR 122.21) Tj ET';
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let out = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = out.length;
    out += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  out += `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${out.length}\n%%EOF\n`;
  return Buffer.from(out, 'latin1');
}
