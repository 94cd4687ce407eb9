/**
 * The globals of Node that a simulated DOM (jsdom, happy-dom) or fake timers replace. In the package, the
 * build makes the SDK and the server use these exports in place of the globals: Node refuses an `AbortSignal`
 * of jsdom, and a server must not stop when a test stops its clock.
 */
import { Buffer as NodeBuffer } from 'node:buffer';
import util from 'node:util';
import { httpFetch } from './http-fetch.ts';

export { atob, Blob, btoa, Buffer } from 'node:buffer';
export { performance } from 'node:perf_hooks';
export {
  clearImmediate,
  clearInterval,
  clearTimeout,
  setImmediate,
  setInterval,
  setTimeout,
} from 'node:timers';
export { URL, URLSearchParams } from 'node:url';
export const { TextDecoder, TextEncoder } = util;

// The buffers of Node are instances of Node's own `Uint8Array` and `ArrayBuffer`, and not of the classes of the
// same names in jsdom.
export const Uint8Array = Object.getPrototypeOf(NodeBuffer) as typeof globalThis.Uint8Array;
export const ArrayBuffer = NodeBuffer.allocUnsafeSlow(1).buffer.constructor as typeof globalThis.ArrayBuffer;

// Bun and Deno do not have the function `transferableAbortController`. There, the global class is used, because
// test runners do not replace it by the class of a simulated DOM.
const { transferableAbortController } = util as Partial<typeof util>;
const { signal, constructor } = transferableAbortController?.() ?? new globalThis.AbortController();
export const AbortController = constructor as typeof globalThis.AbortController;
export const AbortSignal = signal.constructor as typeof globalThis.AbortSignal;

/**
 * The `fetch` of the platform; in a simulated DOM, whose `fetch` applies the rules for web pages, a plain HTTP
 * client.
 */
export const fetch: typeof globalThis.fetch = (input, init) =>
  'document' in globalThis ? httpFetch(input, init) : globalThis.fetch(input, init);
