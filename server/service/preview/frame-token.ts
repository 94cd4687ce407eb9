/**
 * Tokens that let a preview show the message's own pictures. A sandboxed frame has no origin, so to the browser
 * its pictures are another site's, and `Cross-Origin-Resource-Policy: same-origin` keeps them out. The preview
 * therefore asks for them with a token that nobody else can make: with it a part may be shown anywhere, without it
 * pages of other sites still cannot.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export interface FrameTokens {
  /** What all tokens are made with. */
  readonly key: Buffer;
  /** The token of one part of one message. */
  of(id: string, part: string): string;
  accepts(id: string, part: string, token: string | undefined): boolean;
}

/** Tokens are good for the life of the process: previews are loaded afresh after that. */
export function createFrameTokens(key: Buffer = randomBytes(32)): FrameTokens {
  const of = (id: string, part: string): string =>
    createHmac('sha256', key).update(`${id}/${part}`).digest('base64url');
  return {
    key,
    of,
    accepts(id, part, token) {
      const expected = Buffer.from(of(id, part));
      const given = Buffer.from(token ?? '');
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}
