/**
 * Measures the cost of parsing a captured message (structure and summary), compared with mailparser on the same
 * bytes.
 */
import { simpleParser } from 'mailparser';
import { parseStructure } from '../../server/message/parse.ts';
import { summarize } from '../../server/message/summary.ts';
import { figure, median, ratio, spread, type BenchPart } from './part.ts';

const SENTENCE = 'Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor.';

/** A message with text and HTML in quoted-printable, 5 KB, as an application's template produces it. */
const message = Buffer.from(
  [
    'From: =?UTF-8?Q?Ann_=C3=89?= <ann@example.test>',
    'To: bob@example.test, Carol <carol@example.test>',
    'Subject: =?UTF-8?Q?Hello_w=C3=B6rld?=',
    'Message-ID: <0123456789@example.test>',
    'Date: Mon, 23 Nov 2026 15:09:45 +0000',
    'MIME-Version: 1.0',
    'Content-Type: multipart/alternative; boundary="--_NmP-0123456789abcdef-Part_1"',
    '',
    '----_NmP-0123456789abcdef-Part_1',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    ...Array<string>(28).fill(SENTENCE),
    '----_NmP-0123456789abcdef-Part_1',
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    '<style>p { color: red }</style>',
    ...Array<string>(25).fill(`<p>${SENTENCE}</p>`),
    '----_NmP-0123456789abcdef-Part_1--',
    '',
  ].join('\r\n'),
);
const envelope = {
  from: { address: 'ann@example.test', parameters: {} },
  to: [{ address: 'bob@example.test', parameters: {} }],
};

const OURS = 10_000;
const THEIRS = 300;
const MOST = 60;

/**
 * Resolves with the microseconds of processor time per call: unlike the elapsed time, it does not depend on other
 * processes.
 */
async function cost(times: number, work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}

export const part: BenchPart = {
  name: 'message',
  async run(context) {
    const structure: number[] = [];
    const both: number[] = [];
    const parser: number[] = [];
    for (let round = -1; round < context.rounds; round++) {
      context.progress(`round ${round + 1}`);
      const costs = [
        await cost(OURS, () => parseStructure(message)),
        await cost(OURS, () => summarize(message, parseStructure(message), envelope)),
        await cost(THEIRS, () => simpleParser(message)),
      ] as const;
      // The round before the first one is a warm-up.
      if (round < 0) continue;
      structure.push(costs[0]);
      both.push(costs[1]);
      parser.push(costs[2]);
    }
    const beside = { beside: 'mailparser', theirs: figure(median(parser), ' µs') };
    return [
      {
        work: `structure of a message of ${message.length} octets`,
        ours: figure(median(structure), ' µs'),
        ...beside,
        ratio: ratio(median(structure), median(parser)),
        spread: spread(structure, ' µs'),
        budget: `≤ ${MOST} µs`,
        met: median(structure) <= MOST,
      },
      {
        work: 'structure and summary of it',
        ours: figure(median(both), ' µs'),
        ...beside,
        ratio: ratio(median(both), median(parser)),
        spread: spread(both, ' µs'),
        budget: '≤ 1/4 of mailparser',
        met: median(both) <= median(parser) / 4,
      },
    ];
  },
};
