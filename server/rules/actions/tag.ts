/** The action `tag`: adds tags to the message. */
import { action } from '../action.ts';

/** The maximum length of a tag in characters; the REST API has the same limit. */
const MAX_TAG = 100;

export const tag = action<readonly string[]>({
  name: 'tag',
  stages: ['mail', 'rcpt', 'predata', 'data', 'stored'],
  parse(value) {
    const tags: unknown[] = Array.isArray(value) ? value : [value];
    const good = tags.every(
      (text) => typeof text === 'string' && text.trim() !== '' && text.length <= MAX_TAG,
    );
    return good && tags.length > 0
      ? { parameter: tags.map((text) => String(text).trim()) }
      : `must be a tag or a list of tags, each of at most ${MAX_TAG} characters`;
  },
  describe: (tags) => `tags ${tags.join(', ')}`,
  async run(tags, { plan }) {
    for (const text of tags) plan.tags.add(text);
    return undefined;
  },
});
