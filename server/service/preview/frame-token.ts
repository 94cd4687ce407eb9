/**
 * Creates the tokens with which a preview can load the images of the message. A sandboxed frame has no
 * origin, so the browser treats its images as those of another site, and `Cross-Origin-Resource-Policy:
 * same-origin` blocks them. The preview therefore requests an image with a token that only this server can
 * generate. With the token, a part may be shown on any page; without it, pages of other sites cannot load the
 * part.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export interface FrameTokens {
  /** The key of the HMAC from which all frame tokens are generated. */
  readonly key: Buffer;
  /** Returns the token of one part of one message. */
  of(id: string, part: string): string;
  accepts(id: string, part: string, token: string | undefined): boolean;
}

/**
 * Creates the generator of frame tokens. Without a key that servers share, a token is valid until the process ends;
 * after that, previews must be reloaded.
 */
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
