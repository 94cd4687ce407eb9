/**
 * Makes the summary (the fields of a message list) and the detail (other stored fields) of a message that
 * could not be read completely within the limits of time and memory. Such a message is stored nevertheless:
 * only the beginning of its header is read, and a defect reports the reason.
 */
import { createReadStream } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { bodyStartOf } from '../../../message/body-start.ts';
import { octetCount, type MessageOctets } from '../../../message/octets.ts';
import { firstOctets } from '../../../thread/message-octets.ts';
import type { MessageId } from '../../ids.ts';
import { owned, readMessage, type NewEnvelope } from './read-message.ts';
import type { ReadResult } from './task.ts';

/** Number of octets at the beginning of the message that are read as its header. */
const HEAD = 64 * 1024;
/** Number of octets whose checksum is calculated in one turn of the event loop. */
const SUMMED_AT_ONCE = 1 << 20;

async function* piecesOf(octets: MessageOctets): AsyncIterable<Buffer> {
  if (!Buffer.isBuffer(octets)) {
    yield* createReadStream(octets.file, { highWaterMark: SUMMED_AT_ONCE }) as AsyncIterable<Buffer>;
    return;
  }
  for (let at = 0; at < octets.length; at += SUMMED_AT_ONCE) {
    if (at > 0) await nextTurn();
    yield octets.subarray(at, at + SUMMED_AT_ONCE);
  }
}

/**
 * Returns the summary and detail of a message that could not be read.
 * @param reason text for users that states why the message could not be read; the sentence of the defect ends
 *   with it
 */
export async function describeUnread(
  message: NewEnvelope,
  octets: MessageOctets,
  id: MessageId,
  now: number,
  reason: string,
): Promise<ReadResult> {
  const head = Buffer.isBuffer(octets) ? octets.subarray(0, HEAD) : await firstOctets(octets, HEAD);
  const header = head.subarray(0, bodyStartOf(head));
  const defect = {
    code: 'not-read',
    message: `Only the header is read: ${reason}.`,
    offset: header.length,
  };
  const read = readMessage(message, header, id, now, [defect]);
  let sum = 0;
  for await (const piece of piecesOf(octets)) sum = crc32(piece, sum);
  return {
    summary: owned({ ...read.summary, size: octetCount(octets) }),
    detail: read.detail,
    sum: sum | 0,
  };
}
