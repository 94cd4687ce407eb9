/**
 * Loads the package iconv-lite when a charset needs it for the first time. It is not loaded at startup,
 * because most mail needs only UTF-8 and the tables of iconv-lite would be a fifth of the code that is loaded
 * then.
 */
import { createRequire } from 'node:module';
import type Iconv from 'iconv-lite';
import { besideBundle } from '../../bundle.ts';

const load = createRequire(import.meta.url);
let loaded: typeof Iconv | undefined;

export function iconv(): typeof Iconv {
  return (loaded ??= load(besideBundle('iconv-lite.cjs') ?? 'iconv-lite') as typeof Iconv);
}
