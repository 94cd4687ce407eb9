/** One-time passwords from a shared secret and the time (RFC 6238): six digits, valid for 30 seconds. */
import { createHmac } from 'node:crypto';

/** The validity of a one-time password in milliseconds. */
const PERIOD = 30_000;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Decodes a secret in Base32 (RFC 4648 §6). Spaces, dashes and the case are ignored. Returns `null` for other texts. */
export function decodeSecret(text: string): Buffer | null {
  const letters = text.replaceAll(/[\s-]/g, '').replace(/=+$/, '').toUpperCase();
  if (!/^[A-Z2-7]{2,}$/.test(letters)) return null;
  const bits = Array.from(letters, (letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join(
    '',
  );
  const octets = bits.match(/.{8}/g) ?? [];
  return Buffer.from(octets.map((octet) => Number.parseInt(octet, 2)));
}

interface OneTimePassword {
  readonly code: string;
  /** The time when the next password replaces this password, in milliseconds since the epoch. */
  readonly expires: number;
}

/** @param now the time in milliseconds since the epoch */
export function oneTimePassword(secret: Buffer, now: number): OneTimePassword {
  const period = Math.floor(now / PERIOD);
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(period));
  const digest = createHmac('sha1', secret).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0xf;
  const number = (digest.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000;
  return { code: String(number).padStart(6, '0'), expires: (period + 1) * PERIOD };
}
