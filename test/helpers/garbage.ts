import v8 from 'node:v8';
import vm from 'node:vm';

v8.setFlagsFromString('--expose-gc');
const gc = vm.runInNewContext('gc') as () => void;

/** Collects all garbage now, so that a reading of the memory counts only reachable objects. */
export function collectGarbage(): void {
  // The memory of buffers is freed while the collection goes on; the next collection waits for that.
  gc();
  gc();
}
