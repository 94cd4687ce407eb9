/**
 * Allocates buffers for large arrays. Node allocates an ordinary ArrayBuffer with `malloc`. When such a buffer of
 * more than 128 KB is freed, glibc raises the size from which it returns memory to the operating system, and from
 * then on keeps most of the freed memory of the process. V8 allocates a resizable ArrayBuffer as pages of its own,
 * and returns them at once when the buffer is freed.
 */

/** Size in octets from which a buffer is allocated as pages of its own. */
const LARGE = 1 << 17;

/**
 * Returns a buffer of zeros. A typed array on it should be created with a fixed length: V8 accesses an array that
 * follows the length of a resizable buffer more slowly.
 */
const zeros = (octets: number): ArrayBuffer =>
  octets < LARGE ? new ArrayBuffer(octets) : new ArrayBuffer(octets, { maxByteLength: octets });

export const uint32Array = (length: number): Uint32Array<ArrayBuffer> =>
  new Uint32Array(zeros(length * Uint32Array.BYTES_PER_ELEMENT), 0, length);

export const float64Array = (length: number): Float64Array<ArrayBuffer> =>
  new Float64Array(zeros(length * Float64Array.BYTES_PER_ELEMENT), 0, length);

/** Returns a buffer with arbitrary content. */
export const octetBuffer = (length: number): Buffer =>
  length < LARGE ? Buffer.allocUnsafeSlow(length) : Buffer.from(zeros(length), 0, length);

/** Returns the memory of an array, which must not be used any more, without waiting for the garbage collector. */
export function release({ buffer }: Uint32Array<ArrayBuffer>): void {
  if (buffer.resizable) buffer.resize(0);
}
