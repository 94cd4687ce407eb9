/**
 * The links check requests the web URLs of a message to find broken links. The check runs only on request.
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
