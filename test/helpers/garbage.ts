import v8 from 'node:v8';
import vm from 'node:vm';

v8.setFlagsFromString('--expose-gc');
const gc = vm.runInNewContext('gc') as () => void;

/** Collects all garbage now, so that a reading of the memory counts only reachable objects. */
export function collectGarbage(): void {
  // The memory of buffers is freed in the background during a collection; a second collection waits until the memory is
  // freed.
  gc();
  gc();
}
