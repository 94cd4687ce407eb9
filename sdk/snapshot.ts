/**
 * Formats a message as a text that is the same on every test run: the header fields that people read, the
 * MIME tree, text and HTML. Each value that differs on every run (boundaries, dates, ids, codes, tokens,
 * generated addresses) is replaced by a name in angle brackets.
 */
import type { Part } from '../contract/index.ts';
import type { Message } from './message.ts';

export interface SnapshotOptions {
  /**
   * Regular expressions for further values that differ on every test run: each match is replaced by `<mask>`.
   */
  readonly mask?: readonly RegExp[];
}

const SHOWN = ['From', 'To', 'Cc', 'Reply-To', 'Subject', 'List-Unsubscribe', 'List-Unsubscribe-Post'];

const MONTHS = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec';
/**
 * The patterns of values that differ on every run, with their replacements, in the order of application: a
 * pattern whose match can contain a match of another pattern is applied first.
 */
const CHANGING: readonly (readonly [RegExp, string])[] = [
  [
    new RegExp(
      `(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\\d{1,2} (?:${MONTHS}) \\d{4} \\d\\d:\\d\\d(?::\\d\\d)?(?: (?:[+-]\\d{4}|GMT|UTC))?`,
      'g',
    ),
    '<date>',
  ],
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?/g, '<date>'],
  [/\b\d{4}-\d\d-\d\d\b/g, '<date>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<uuid>'],
  [/\b(?:[\w.-]+\.)?[a-km-np-z2-9]{8}@restante\.test\b/g, '<address>'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '<token>'],
  // A long run of characters with a digit and a letter is a generated token; a word has no digit.
  [/(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{16,}(?![\w-])/gi, '<token>'],
  [/(?<=:\/\/(?:127\.0\.0\.1|localhost|\[::1\])):\d+/g, ':<port>'],
];

export function mailSnapshot(message: Message, { mask = [] }: SnapshotOptions = {}): string {
  const codes = [...new Set(message.codes.map(({ value }) => value))];
  const settle = (text: string): string => {
    let settled = text.replace(/\r\n?/g, '\n');
    for (const pattern of mask)
      settled = settled.replace(new RegExp(pattern, withG(pattern.flags)), '<mask>');
    for (const code of codes) settled = settled.replaceAll(code, '<code>');
    for (const [pattern, name] of CHANGING) settled = settled.replace(pattern, name);
    return settled.replace(/[^\S\n]+$/gm, '').trim();
  };
  const headers = SHOWN.flatMap((name) =>
    message.headers.getAll(name).map((value) => `${name}: ${settle(value)}`),
  );
  const sections = [headers.join('\n'), tree(message.structure).join('\n')];
  if (message.text !== null) sections.push(`--- text ---\n${settle(message.text)}`);
  if (message.html !== null) sections.push(`--- html ---\n${settle(message.html.source)}`);
  return `${sections.join('\n\n')}\n`;
}

const withG = (flags: string): string => (flags.includes('g') ? flags : `${flags}g`);

function tree({ type, filename, parts }: Part, depth = 0): string[] {
  const line = `${'  '.repeat(depth)}${type}${filename === null ? '' : ` ${JSON.stringify(filename)}`}`;
  return [line, ...parts.flatMap((part) => tree(part, depth + 1))];
}
