/** Reads the detail of a message: the stored record of the message, combined with the data from its bytes. */
import type { Detail, MessageCodes } from '../../../contract/index.ts';
import { notFound, ProblemError } from '../../../contract/problems.ts';
import { TimeSlice } from '../../async/time-slice.ts';
import { ALL, type MessageId } from '../../store/ids.ts';
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
  return { ...presentRecord(listed, stored), ...(await readContentDetail(reading, listed)) };
}

async function readContentDetail(
  reading: MessageReading,
  { summary }: ListedMessage,
): Promise<ContentDetail> {
  return JSON.parse(decode(await reading.read(detailJob, summary, {}))) as ContentDetail;
}

/**
 * Returns the codes and links of several messages. A message that does not exist, or that cannot be read, is left
 * out: the caller may have listed it before it was deleted.
 */
export async function readCodes(
  store: Store,
  reading: MessageReading,
  ids: readonly string[],
): Promise<readonly MessageCodes[]> {
  const found: MessageCodes[] = [];
  const slice = new TimeSlice();
  for (const id of ids) {
    const listed = await store.messages.listed(id as MessageId, ALL);
    if (listed === undefined) continue;
    try {
      const { codes, links } = await readContentDetail(reading, listed);
      found.push({ id, codes, links });
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
    }
    if (slice.over) await slice.rest();
  }
  return found;
}

/** Returns the text of a message without text that styles hide, and the number of hidden characters. */
export async function readShownText(reading: MessageReading, { summary }: ListedMessage): Promise<ShownText> {
  return JSON.parse(decode(await reading.read(shownTextJob, summary, {}))) as ShownText;
}
