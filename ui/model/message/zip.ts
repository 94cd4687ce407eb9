/**
 * Writes a ZIP archive (APPNOTE 6.3.10). Files are stored uncompressed, because most attachments are compressed
 * already.
 */

export interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (value >>> 8) ^ (TABLE[(value ^ byte) & 0xff] ?? 0);
  return (value ^ 0xffffffff) >>> 0;
}

type Field = readonly [octets: 2 | 4, value: number];
const short = (value: number): Field => [2, value];
const long = (value: number): Field => [4, value];

/** Returns the octets of several fields in sequence, little-endian. */
function record(...fields: readonly Field[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [octets]) => sum + octets, 0)));
  let at = 0;
  for (const [octets, value] of fields) {
    if (octets === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += octets;
  }
  return new Uint8Array(view.buffer);
}

/** Bit 11 of the general purpose flags: file names are in UTF-8. */
const UTF8 = 0x0800;
const VERSION = 20;
/**
 * 1 January 1980 in DOS format, the earliest date that the ZIP format can express; attachments have no date
 * of their own.
 */
const DAY_ONE = 0x0021;

export function zip(entries: readonly ZipEntry[]): Blob {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const directory: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  let directorySize = 0;
  for (const { name, bytes } of entries) {
    const label = new TextEncoder().encode(name);
    // The fields of a file's header: version, flags, method (stored), time, date, checksum, both sizes,
    // lengths of the name and the extra field.
    const facts = [
      ...[VERSION, UTF8, 0, 0, DAY_ONE].map(short),
      ...[crc32(bytes), bytes.length, bytes.length].map(long),
      ...[label.length, 0].map(short),
    ];
    const local = record(long(0x04034b50), ...facts);
    // In the central directory, the field "made by" precedes the fields of a file's header, and the lengths of
    // the comment, the disk number, the attributes, and the offset of the file follow them.
    const central = record(
      ...[long(0x02014b50), short(VERSION), ...facts],
      ...[0, 0, 0].map(short),
      ...[0, offset].map(long),
    );
    parts.push(local, label, bytes);
    directory.push(central, label);
    offset += local.length + label.length + bytes.length;
    directorySize += central.length + label.length;
  }
  const { length } = entries;
  const end = record(
    long(0x06054b50),
    ...[0, 0, length, length].map(short),
    ...[directorySize, offset].map(long),
    short(0),
  );
  return new Blob([...parts, ...directory, end], { type: 'application/zip' });
}
