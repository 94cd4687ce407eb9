/**
 * Sends the detail of a message: the stored record of the message, combined with the data parsed from its
 * bytes.
 */
import type { FastifyReply } from 'fastify';
import type { ListedMessage, Store } from '../../store/store.ts';
import type { Detail } from '../../../contract/index.ts';
import { presentRecord } from '../../service/present/message.ts';
import { notFound } from '../../../contract/problems.ts';
import { MessageReading } from '../../service/reading/index.ts';
import { detailJob, readDetail } from '../../service/reading/jobs.ts';

const COMMA = Buffer.from(',');

/**
 * Returns the detail of a message. For a large message, a worker thread serialises the detail as JSON; then
 * this function sends it and returns the Fastify reply.
 */
export async function sendDetail(
  store: Store,
  reading: MessageReading,
  listed: ListedMessage,
  reply: FastifyReply,
): Promise<Detail | FastifyReply> {
  const { id, size } = listed.summary;
  const stored = await store.messages.get(id);
  if (stored === undefined) throw notFound(`There is no message ${id}`);
  const record = presentRecord(listed, stored);
  if (!MessageReading.isLarge(size)) {
    return { ...record, ...readDetail((await store.messages.raw(id)) ?? Buffer.alloc(0)) };
  }
  const content = await reading.read(detailJob, listed.summary, {});
  const json = [Buffer.from(JSON.stringify(record).slice(0, -1)), COMMA, content.subarray(1)];
  return reply.type('application/json; charset=utf-8').send(Buffer.concat(json));
}
