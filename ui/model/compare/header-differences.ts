/**
 * Compares the envelopes, headers and attachments of two messages, so that each value can be shown beside its
 * counterpart.
 */
import type { Detail } from '../../../contract/index.ts';
import { compareLines, deadline, type Row } from './differences.ts';
import { size } from '../../format.ts';
import { groupHeaders } from '../message/header-groups.ts';
import { strings as s } from '../../strings.ts';

export interface NamedRow extends Row {
  readonly name: string;
}

export interface RowGroup {
  readonly title: string;
  readonly rows: readonly NamedRow[];
}

interface Field {
  readonly name: string;
  readonly value: string;
}

const lower = ({ name }: { name: string }): string => name.toLowerCase();

/**
 * Returns the values of the header fields of each name (in lower case), in the order in which the names first
 * appear.
 */
function valuesByName(fields: readonly Field[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const field of fields) {
    const values = found.get(lower(field));
    if (values === undefined) found.set(lower(field), [field.value]);
    else values.push(field.value);
  }
  return found;
}

/**
 * Returns rows with the header fields of the same name side by side. If a field is repeated, equal values of
 * both messages are in the same row.
 */
function compareFields(left: readonly Field[], right: readonly Field[], until: number): NamedRow[] {
  const names = new Map([...right, ...left].map((field) => [lower(field), field.name] as const));
  const values = { left: valuesByName(left), right: valuesByName(right) };
  const order = new Set([...values.left.keys(), ...values.right.keys()]);
  return [...order].flatMap((key) =>
    compareLines(values.left.get(key) ?? [], values.right.get(key) ?? [], until).map((row) => ({
      ...row,
      name: names.get(key) ?? key,
    })),
  );
}

const envelopeOf = ({ envelope }: Detail): Field[] => [
  { name: s.session.mailFrom, value: envelope.from === '' ? '<>' : envelope.from },
  ...envelope.to.map((value) => ({ name: s.session.rcptTo, value })),
];
const attachmentsOf = ({ attachments }: Detail): Field[] =>
  attachments.map((one) => ({
    name: s.compare.attachment,
    value: `${one.name} · ${one.type} · ${size(one.size)}`,
  }));

export function compareHeaders(left: Detail, right: Detail): RowGroup[] {
  const until = deadline();
  const groups = new Map(
    groupHeaders([...left.headers, ...right.headers]).map(({ group, headers }) => [
      group,
      new Set(headers.map(lower)),
    ]),
  );
  return [
    { title: s.compare.groups.envelope, rows: compareFields(envelopeOf(left), envelopeOf(right), until) },
    ...[...groups].map(([group, names]) => ({
      title: s.headers.groups[group],
      rows: compareFields(
        left.headers.filter((header) => names.has(lower(header))),
        right.headers.filter((header) => names.has(lower(header))),
        until,
      ),
    })),
    {
      title: s.compare.groups.attachments,
      rows: compareFields(attachmentsOf(left), attachmentsOf(right), until),
    },
  ].filter(({ rows }) => rows.length > 0);
}
