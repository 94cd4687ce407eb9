/** Uuencoded bodies (POSIX uuencode), which old mail names as a transfer encoding. */

const LINE = /^([ -`])([ -`]*)\s*$/;

/** Decodes the first `begin … end` block; without one the bytes come back as they are. */
export function decodeUuencode(bytes: Buffer): Buffer {
  const lines = bytes.toString('latin1').split('\n');
  const begin = lines.findIndex((line) => /^begin [0-7]{3,4} /.test(line));
  if (begin === -1) return bytes;
  const chunks: Buffer[] = [];
  for (const line of lines.slice(begin + 1)) {
    if (/^end\s*$/.test(line)) break;
    const match = LINE.exec(line);
    if (match === null) continue;
    const length = ((match[1] ?? ' ').charCodeAt(0) - 32) & 63;
    const text = match[2] ?? '';
    const out = Buffer.alloc(Math.ceil(text.length / 4) * 3);
    for (let at = 0, to = 0; at < text.length; at += 4) {
      let bits = 0;
      for (let i = 0; i < 4; i++) bits = (bits << 6) | (((text.charCodeAt(at + i) || 32) - 32) & 63);
      out[to++] = bits >> 16;
      out[to++] = bits >> 8;
      out[to++] = bits;
    }
    chunks.push(out.subarray(0, length));
  }
  return Buffer.concat(chunks);
}
