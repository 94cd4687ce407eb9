import v8 from 'node:v8';
import vm from 'node:vm';

v8.setFlagsFromString('--expose-gc');
const gc = vm.runInNewContext('gc') as () => void;

/** Collects all garbage now, so that a reading of the memory counts only reachable objects. */
export function collectGarbage(): void {
  gc();
}
