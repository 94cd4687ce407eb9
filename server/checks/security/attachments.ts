/** Finds attachments that receivers refuse, or whose names hide their type. */
import { bodiesOf } from '../../message/bodies.ts';
import { partNumber } from '../../message/part.ts';
import type { Finding } from '../../message/finding.ts';
import type { CheckedMessage } from '../checked-message.ts';
import { find, type SecurityRule } from './catalogue.ts';

/** The file name extensions that Gmail and Exchange refuse. */
const PROGRAMS = new Set(
  (
    'ade adp apk appx appxbundle bat cab chm cmd com cpl dll dmg exe hta ins iso isp jar js jse lib lnk mde msc msi msix ' +
    'msp mst nsh pif ps1 psm1 reg scf scr sct sh shb sys vb vbe vbs vhd vxd wsc wsf wsh xll'
  ).split(' '),
);
const MACROS = new Set([
  'docm',
  'dotm',
  'xlsm',
  'xltm',
  'xlam',
  'pptm',
  'potm',
  'ppsm',
  'ppam',
  'sldm',
  'xlsb',
]);
const WEB = new Set(['html', 'htm', 'xhtml', 'shtml', 'svg', 'mht', 'mhtml', 'xml']);
/** The file name extensions that people consider harmless. */
const HARMLESS = new Set('pdf doc docx xls xlsx ppt pptx txt csv jpg jpeg png gif zip mp3 mp4'.split(' '));
/**
 * Matches characters that can disguise a file name: right-to-left marks, overrides and isolates, and
 * characters without width.
 */
const DISGUISE = /[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/u;

/**
 * The media types that files may have, by file name extension; a file with any other extension may have any
 * type.
 */
const TYPES: ReadonlyMap<string, RegExp> = new Map(
  Object.entries({
    pdf: /^application\/(?:x-)?pdf$/,
    png: /^image\/png$/,
    jpg: /^image\/(?:jpe?g|pjpeg)$/,
    jpeg: /^image\/(?:jpe?g|pjpeg)$/,
    gif: /^image\/gif$/,
    svg: /^image\/svg\+xml$/,
    webp: /^image\/webp$/,
    html: /^(?:text\/html|application\/xhtml\+xml)$/,
    htm: /^(?:text\/html|application\/xhtml\+xml)$/,
    zip: /^application\/(?:x-)?zip(?:-compressed)?$/,
    csv: /^(?:text\/(?:csv|plain)|application\/(?:csv|vnd\.ms-excel))$/,
    ics: /^(?:text\/calendar|application\/ics)$/,
    docx: /^application\/vnd\.openxmlformats-officedocument\.wordprocessingml\.document$/,
    xlsx: /^application\/vnd\.openxmlformats-officedocument\.spreadsheetml\.sheet$/,
    txt: /^text\//,
    mp3: /^audio\//,
    mp4: /^(?:video|audio)\//,
  }),
);

/**
 * Matches the media types that do not name a format, in their correct spelling and in common wrong spellings.
 */
const ANY_TYPE = /^application\/(?:octet-?stream|(?:x-)?(?:unknown|download|force-download|binary))$/;

function rulesFor(name: string, type: string): SecurityRule[] {
  const pieces = name.toLowerCase().trim().split('.');
  const extension = pieces.length > 1 ? (pieces.at(-1) ?? '') : '';
  const before = pieces.at(-2) ?? '';
  const rules: SecurityRule[] = [];
  if (DISGUISE.test(name)) rules.push('disguised-name');
  if (PROGRAMS.has(extension)) {
    rules.push(pieces.length > 2 && HARMLESS.has(before) ? 'double-extension' : 'dangerous-attachment');
  }
  if (MACROS.has(extension)) rules.push('macro-document');
  if (WEB.has(extension) && extension !== 'xml') rules.push('web-attachment');
  const expected = TYPES.get(extension);
  if (expected !== undefined && !ANY_TYPE.test(type) && !expected.test(type)) {
    rules.push('mismatched-type');
  }
  return rules;
}

export function* attachmentFindings(message: CheckedMessage): Generator<Finding> {
  for (const { part } of bodiesOf(message.structure).attachments) {
    const type = `${part.type}/${part.subtype}`;
    const name = part.filename ?? '';
    for (const rule of rulesFor(name, type)) {
      const visible = name.replace(new RegExp(DISGUISE, 'gu'), '�');
      yield find(rule, message.placeOfPart(part), {
        message: `Attachment ${partNumber(part)}, ${visible} (${type}): ${WHAT[rule] ?? ''}`,
      });
    }
  }
}

const WHAT: Partial<Readonly<Record<SecurityRule, string>>> = {
  'disguised-name': 'its name contains invisible characters or reverses the direction of text',
  'dangerous-attachment': 'receivers refuse such files',
  'double-extension': 'it looks like a document but is a program',
  'macro-document': 'a document with macros',
  'web-attachment': 'a file that can run scripts in a browser',
  'mismatched-type': 'its extension does not match its type',
};
