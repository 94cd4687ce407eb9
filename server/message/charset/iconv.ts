/**
 * iconv-lite, loaded when a character set first needs it: most mail needs none but UTF-8, and its tables are a fifth of
 * the code that a start would read.
 */
import { createRequire } from 'node:module';
import type Iconv from 'iconv-lite';
import { besideBundle } from '../../bundle.ts';

const load = createRequire(import.meta.url);
let loaded: typeof Iconv | undefined;

export function iconv(): typeof Iconv {
  return (loaded ??= load(besideBundle('iconv-lite.cjs') ?? 'iconv-lite') as typeof Iconv);
}
