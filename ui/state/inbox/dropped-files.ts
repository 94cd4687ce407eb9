/** Captures message files (`.eml`) that the user drops onto the list. */
import { client, wordsOf } from '../../client.ts';
import { strings as s } from '../../strings.ts';
import { notify } from '../shared/toasts.ts';

const isMessageFile = ({ name, type }: File): boolean => /\.eml$/i.test(name) || type === 'message/rfc822';

/** Returns whether a drag event carries files. */
export const carriesFiles = (event: DragEvent): boolean =>
  event.dataTransfer?.types.includes('Files') === true;

export async function captureDropped(event: DragEvent): Promise<void> {
  const files = [...(event.dataTransfer?.files ?? [])].filter(isMessageFile);
  let added = 0;
  for (const file of files) {
    try {
      await client.submit(new Uint8Array(await file.arrayBuffer()));
      added++;
    } catch (error) {
      notify(s.dropped.failed(file.name, wordsOf(error)), { tone: 'danger' });
    }
  }
  if (added > 0) notify(s.dropped.added(added));
}
