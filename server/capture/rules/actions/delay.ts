/** delay: waits before the reply. */
import { action } from '../action.ts';
import { duration } from '../fields.ts';
import { stages } from '../stage.ts';

export const delay = action<number>({
  name: 'delay',
  stages,
  parse(value) {
    const ms = duration(value);
    return ms === null ? 'must be a duration: milliseconds, or "250ms", "3s", "5m"' : { parameter: ms };
  },
  describe: (ms) => `waits ${ms} ms`,
  async run(ms, { world }) {
    await world.pause(ms);
    return undefined;
  },
});
