/**
 * The links check: whether the addresses of a message lead anywhere, and where. Only when somebody asks for it.
 */
import type { LiveCheck } from '../check.ts';
import { lazily } from '../lazily.ts';
import type { LinksOptions } from './ask.ts';

export const links = (options: LinksOptions): LiveCheck =>
  lazily(
    'links',
    () => null,
    async () => {
      const { askLinks, Memory } = await import('./ask.ts');
      const memory = new Memory(options.clock);
      return (message, _request, signal) => askLinks(message, options, memory, signal);
    },
  );
