/**
 * The client of SpamAssassin's daemon spamd (the protocol is described in spamd/PROTOCOL in its sources). It
 * uses the command REPORT, which lists the matched rules.
 */
import net from 'node:net';
import type { FilterAddress } from './address.ts';
import { FilterAnswerError, MAX_ANSWER, type Filter, type FilterRule, type FilterVerdict } from './filter.ts';

const STATUS = /^SPAMD\/[\d.]+ (\d+) ([^\r\n]*)/;
const SPAM = /^Spam:\s*\w+\s*;\s*(-?[\d.]+)\s*\/\s*(-?[\d.]+)/im;
const RULE = /^\s*(-?\d+(?:\.\d+)?)\s+([A-Z][A-Z0-9_]+)\s+(.*)$/;
/**
 * Matches the continuation line of a rule's description in the report, which is indented further than the
 * table of rules.
 */
const CONTINUED = /^\s{20,}(\S.*)$/;

function rulesOf(report: string): FilterRule[] {
  const rules: { name: string; points: number; description: string }[] = [];
  for (const line of report.split(/\r?\n/)) {
    const rule = RULE.exec(line);
    const last = rules.at(-1);
    if (rule !== null) {
      rules.push({ name: rule[2] ?? '', points: Number(rule[1]), description: (rule[3] ?? '').trim() });
    } else if (last !== undefined) {
      const more = CONTINUED.exec(line)?.[1];
      if (more !== undefined) last.description = `${last.description} ${more.trim()}`.trim();
    }
  }
  return rules;
}

export function parseSpamdAnswer(answer: string): FilterVerdict {
  const status = STATUS.exec(answer);
  if (status === null) throw new FilterAnswerError(`it answered “${answer.slice(0, 60).trim()}”`);
  if (status[1] !== '0') throw new FilterAnswerError(`it answered ${status[1] ?? ''} ${status[2] ?? ''}`);
  const headerEnd = answer.search(/\r?\n\r?\n/);
  const verdict = SPAM.exec(answer.slice(0, headerEnd === -1 ? answer.length : headerEnd));
  if (verdict === null) throw new FilterAnswerError('its answer has no score');
  return {
    points: Number(verdict[1]),
    required: Number(verdict[2]),
    rules: rulesOf(answer.slice(headerEnd)),
  };
}

/** Sends a request and reads the response until the daemon closes the connection. */
function exchange(address: FilterAddress, request: readonly Buffer[], signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ ...address, signal });
    const chunks: Buffer[] = [];
    let size = 0;
    socket.on('error', reject);
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_ANSWER) socket.destroy(new FilterAnswerError('its answer is too large'));
    });
    socket.on('close', (failed) => {
      if (!failed) resolve(Buffer.concat(chunks).toString('utf8'));
    });
    socket.on('connect', () => {
      for (const piece of request) socket.write(piece);
      socket.end();
    });
  });
}

export const spamd = (address: FilterAddress): Filter => ({
  id: 'spamassassin',
  title: 'SpamAssassin',
  address,
  async ask(raw, _request, signal) {
    const head = `REPORT SPAMC/1.5\r\nContent-length: ${raw.length}\r\n\r\n`;
    return parseSpamdAnswer(await exchange(address, [Buffer.from(head), raw], signal));
  },
});
