/** Reads the detail of a message: the stored record of the message, combined with the data from its bytes. */
import type { Detail } from '../../../contract/index.ts';
import { notFound } from '../../../contract/problems.ts';
import type { ListedMessage, Store } from '../../store/store.ts';
import { presentRecord } from '../present/message.ts';
import type { MessageReading } from './index.ts';
import { detailJob, shownTextJob, type ContentDetail, type ShownText } from './jobs.ts';

const decode = (json: Uint8Array): string =>
  Buffer.from(json.buffer, json.byteOffset, json.byteLength).toString();

export async function readMessageDetail(
  store: Store,
  reading: MessageReading,
  listed: ListedMessage,
): Promise<Detail> {
  const stored = await store.messages.get(listed.summary.id);
  if (stored === undefined) throw notFound(`There is no message ${listed.summary.id}`);
  const content = JSON.parse(decode(await reading.read(detailJob, listed.summary, {}))) as ContentDetail;
  return { ...presentRecord(listed, stored), ...content };
}

/** Returns the text of a message without text that styles hide, and the number of hidden characters. */
export async function readShownText(reading: MessageReading, { summary }: ListedMessage): Promise<ShownText> {
  return JSON.parse(decode(await reading.read(shownTextJob, summary, {}))) as ShownText;
}
