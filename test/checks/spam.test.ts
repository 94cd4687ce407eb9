/**
 * Tests of the spam check with filters that are down, slow or send wrong or endless answers, by address and by Unix
 * socket.
 */
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CheckedMessage } from '../../server/checks/checked-message.ts';
import type { CheckOutcome } from '../../server/checks/check.ts';
import { parseFilterAddress, type FilterAddress } from '../../server/checks/spam/address.ts';
import { spam } from '../../server/checks/spam/index.ts';
import { parseSpamdAnswer } from '../../server/checks/spam/spamd.ts';
import { temporaryDirectory } from '../helpers/program.ts';

const RAW = Buffer.from('From: a@x.test\r\nSubject: x\r\n\r\nHello\r\n');
const ENVELOPE = {
  from: { address: 'a@x.test', parameters: {} },
  to: [{ address: 'b@x.test', parameters: {} }],
};

const REPORT = [
  'SPAMD/1.1 0 EX_OK',
  'Content-length: 400',
  'Spam: True ; 6.5 / 5.0',
  '',
  'Content analysis details:   (6.5 points, 5.0 required)',
  '',
  ' pts rule name              description',
  '---- ---------------------- --------------------------------------------------',
  ' 4.0 MISSING_DATE           Missing Date: header, and a description that goes',
  '                            on in another line',
  ' 3.0 T_ODD                  Odd',
  '-0.5 NICE                   Nice',
  '',
].join('\r\n');

async function listen(server: net.Server | http.Server, at?: string): Promise<FilterAddress> {
  if (at === undefined) server.listen(0, '127.0.0.1');
  else server.listen(at);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  return typeof address === 'string' ? { path: address } : { host: '127.0.0.1', port: address!.port };
}

/** Starts a spamd that reads a request and sends `answer`; with `null`, it sends nothing. */
function spamdThatSends(answer: string | null, at?: string): Promise<FilterAddress> {
  return listen(
    net.createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => undefined);
      socket.resume();
      if (answer !== null) socket.on('end', () => socket.end(answer));
      onTestFinished(() => void socket.destroy());
    }),
    at,
  );
}

const rspamdThatSends = (status: number, answer: string, at?: string): Promise<FilterAddress> =>
  listen(
    http.createServer((request, response) => {
      request.resume();
      request.on('end', () => response.writeHead(status).end(answer));
    }),
    at,
  );

const run = (
  filters: { spamd?: FilterAddress; rspamd?: FilterAddress },
  signal = new AbortController().signal,
): Promise<CheckOutcome> =>
  spam({ spamd: filters.spamd ?? null, rspamd: filters.rspamd ?? null }).run(
    new CheckedMessage(RAW, ENVELOPE),
    {},
    signal,
  );

const rulesOf = ({ findings }: CheckOutcome): string[] => findings.map(({ rule }) => rule);

describe('the spam check', () => {
  it('returns the points of each rule, the highest first, and a score', async () => {
    const outcome = await run({ spamd: await spamdThatSends(REPORT) });
    expect(outcome.findings.map(({ rule, severity, message }) => [rule, severity, message])).toEqual([
      ['spam', 'error', 'SpamAssassin classifies the message as spam: 6.5 points, the limit is 5'],
      [
        'spamassassin-missing-date',
        'warning',
        'SpamAssassin gives 4 points for MISSING_DATE: Missing Date: header, and a description that goes on in another line',
      ],
      ['spamassassin-t-odd', 'warning', 'SpamAssassin gives 3 points for T_ODD: Odd'],
    ]);
    expect(outcome.score).toBe(35);
    expect(outcome.details).toMatchObject({
      filters: [
        { filter: 'spamassassin', points: 6.5, required: 5, rules: [{}, {}, { name: 'NICE', points: -0.5 }] },
      ],
    });
  });

  it('connects to filters on Unix sockets, and queries both', async () => {
    const directory = temporaryDirectory();
    const spamd = await spamdThatSends(REPORT, path.join(directory, 'spamd.sock'));
    const answer = JSON.stringify({
      score: 1.5,
      required_score: 15,
      symbols: { MISSING_TO: { score: 1.5, description: 'No To', options: ['a'] } },
    });
    const rspamd = await rspamdThatSends(200, answer, path.join(directory, 'rspamd.sock'));
    const outcome = await run({ spamd, rspamd });
    expect(rulesOf(outcome)).toContain('rspamd-missing-to');
    expect(outcome.findings.at(-1)?.message).toBe('Rspamd gives 1.5 points for MISSING_TO: No To: a');
    expect(outcome.score).toBe(35);
  });

  it('reports that a filter is down', async () => {
    const spamd = { path: path.join(temporaryDirectory(), 'nobody.sock') };
    const outcome = await run({ spamd });
    expect(rulesOf(outcome)).toEqual(['filter-down']);
    expect(outcome.findings[0]?.message).toContain(`SpamAssassin at ${spamd.path} cannot be reached`);
    expect(outcome.score).toBeNull();
  });

  it('reports that a filter is slow, and returns the result of the other one', async () => {
    const spamd = await spamdThatSends(null);
    const rspamd = await rspamdThatSends(200, '{"score": 20, "required_score": 15, "symbols": {}}');
    const outcome = await run({ spamd, rspamd }, AbortSignal.timeout(300));
    expect(rulesOf(outcome)).toEqual(['filter-slow', 'spam']);
  });

  it.each([
    ['HTTP/1.1 400 Bad Request\r\n\r\n', /sent an invalid answer: it answered “HTTP/],
    ['SPAMD/1.0 76 Bad header line: x\r\n\r\n', /it answered 76 Bad header line/],
    ['SPAMD/1.1 0 EX_OK\r\nContent-length: 0\r\n\r\n', /its answer has no score/],
    ['', /it answered “”/],
    [`SPAMD/1.1 0 EX_OK\r\n${'x'.repeat(2_000_000)}`, /its answer is too large/],
  ])('reports an invalid answer of spamd: %.30j', async (answer, message) => {
    const outcome = await run({ spamd: await spamdThatSends(answer) });
    expect(rulesOf(outcome)).toEqual(['filter-answer']);
    expect(outcome.findings[0]?.message).toMatch(message);
  });

  it.each([
    [404, 'not here', /it answered 404 “not here”/],
    [200, '{"score": 1}', /no score or no symbols/],
    [500, '{"error": "no scanner"}', /it answered 500 no scanner/],
    [200, 'null', /no score or no symbols/],
  ])('reports an invalid answer of Rspamd: %j %j', async (status, answer, message) => {
    const outcome = await run({ rspamd: await rspamdThatSends(status, answer) });
    expect(rulesOf(outcome)).toEqual(['filter-answer']);
    expect(outcome.findings[0]?.message).toMatch(message);
  });

  it('is not available without a filter', () => {
    expect(spam({ spamd: null, rspamd: null }).unavailable({})).toMatch(/--check-spamd/);
  });
});

describe('addresses of filters', () => {
  it.each([
    ['127.0.0.1:783', { host: '127.0.0.1', port: 783 }],
    ['http://rspamd:11333/', { host: 'rspamd', port: 11333 }],
    ['[::1]:783', { host: '::1', port: 783 }],
    ['/run/spamd.sock', { path: '/run/spamd.sock' }],
  ])('%s', (text, address) => expect(parseFilterAddress(text)).toEqual(address));

  it.each(['spamd', 'spamd:0', 'spamd:99999', 'https://x:1', ''])('%j is rejected', (text) =>
    expect(() => parseFilterAddress(text)).toThrow(/HOST:PORT/),
  );

  it('parses negative scores', () => {
    expect(parseSpamdAnswer('SPAMD/1.1 0 EX_OK\r\nSpam: False ; -1.2 / 5.0\r\n\r\n').points).toBe(-1.2);
  });
});
