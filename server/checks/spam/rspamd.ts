/**
 * The client of Rspamd's HTTP protocol: `POST /checkv2` with the message as the body and the envelope in
 * header fields.
 */
import http from 'node:http';
import Type from 'typebox';
import { Value } from 'typebox/value';
import type { FilterAddress } from './address.ts';
import {
  FilterAnswerError,
  MAX_ANSWER,
  type Filter,
  type FilterRequest,
  type FilterVerdict,
} from './filter.ts';

const Answer = Type.Object({
  score: Type.Number(),
  required_score: Type.Number(),
  symbols: Type.Record(
    Type.String(),
    Type.Object({
      score: Type.Number(),
      description: Type.Optional(Type.String()),
      options: Type.Optional(Type.Array(Type.Unknown())),
    }),
  ),
});

function parseRspamdAnswer(status: number, text: string): FilterVerdict {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch (error) {
    throw new FilterAnswerError(`it answered ${status} “${text.slice(0, 60).trim()}”`, { cause: error });
  }
  const refusal = (answer as { error?: unknown } | null)?.error;
  if (typeof refusal === 'string')
    throw new FilterAnswerError(`it answered ${status} ${refusal.slice(0, 200)}`);
  if (!Value.Check(Answer, answer)) throw new FilterAnswerError('its answer has no score or no symbols');
  const rules = Object.entries(answer.symbols).map(([name, { score, description, options = [] }]) => ({
    name,
    points: score,
    description: [description, options.slice(0, 3).map(String).join(', ')].filter((text) => text).join(': '),
  }));
  return { points: answer.score, required: answer.required_score, rules };
}

/** Replaces characters that an HTTP header field may not contain, and truncates the value. */
const safe = (value: string): string => value.replace(/[^\x20-\x7e]/g, '?').slice(0, 500);

function fieldsOf({ ip, helo, mailFrom, recipients }: FilterRequest): http.OutgoingHttpHeaders {
  return {
    'Content-Type': 'application/octet-stream',
    ...(ip === undefined ? {} : { IP: safe(ip) }),
    ...(helo === undefined ? {} : { Helo: safe(helo) }),
    ...(mailFrom === undefined ? {} : { From: safe(mailFrom) }),
    ...(recipients.length === 0 ? {} : { Rcpt: recipients.slice(0, 50).map(safe) }),
  };
}

function post(
  address: FilterAddress,
  raw: Buffer,
  request: FilterRequest,
  signal: AbortSignal,
): Promise<readonly [status: number, body: string]> {
  const target = 'path' in address ? { socketPath: address.path } : address;
  return new Promise((resolve, reject) => {
    const call = http.request(
      { ...target, method: 'POST', path: '/checkv2', headers: fieldsOf(request), agent: false, signal },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('error', reject);
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          size += chunk.length;
          if (size > MAX_ANSWER) response.destroy(new FilterAnswerError('its answer is too large'));
        });
        response.on('end', () => resolve([response.statusCode ?? 0, Buffer.concat(chunks).toString('utf8')]));
      },
    );
    call.on('error', reject);
    call.end(raw);
  });
}

export const rspamd = (address: FilterAddress): Filter => ({
  id: 'rspamd',
  title: 'Rspamd',
  address,
  ask: async (raw, request, signal) => parseRspamdAnswer(...(await post(address, raw, request, signal))),
});
