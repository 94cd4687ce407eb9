/** Describes responses that are not JSON for the OpenAPI document. */
import type { Readable } from 'node:stream';
import Type from 'typebox';

/** Returns the OpenAPI description of a binary response; `types` are its media types. */
export const binary = (description: string, ...types: readonly string[]) => ({
  description,
  content: Object.fromEntries(
    types.map((type) => [
      type,
      { schema: Type.Unsafe<Buffer | Readable>({ type: 'string', format: 'binary' }) },
    ]),
  ),
});
