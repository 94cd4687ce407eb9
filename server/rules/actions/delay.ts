/**
 * The action `delay`: waits before the reply. At the stage `stored`, it instead delays the actions of its
 * rule that are performed after the reply.
 */
import { action } from '../action.ts';
import { duration } from '../fields.ts';
import { stages } from '../../../contract/names.ts';

export const delay = action<number>({
  name: 'delay',
  stages,
  parse(value) {
    const ms = duration(value);
    return ms === null ? 'must be a duration: milliseconds, or "250ms", "3s", "5m"' : { parameter: ms };
  },
  describe: (ms) => `waits ${ms} ms`,
  async run(ms, { world, facts, before }) {
    if (facts.stage === 'stored') before.wait += ms;
    else await world.pause(ms);
    return undefined;
  },
});
