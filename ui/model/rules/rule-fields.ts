/**
 * The form fields of a rule's actions and limits: the type of each field, and the conversion between a JSON value of
 * the rule and the text of its field.
 */
import type { RuleActions, RuleConditions } from '../../../contract/index.ts';

/**
 * The type of a field: `text` is a string; `quantity` is a number, or a string with a unit such as `3s` or `10MB`;
 * `list` is a list of strings and `numbers` a list of numbers, both separated by commas in the form; `area` is a text of
 * several lines; `choice` is one of `options`; `flag` is true or absent; `json` is any value.
 */
export type FieldKind = 'text' | 'quantity' | 'list' | 'numbers' | 'area' | 'choice' | 'flag' | 'json';

export interface RuleField {
  /** The name of the property in the rule, and the key of the field's label. */
  readonly key: string;
  readonly kind: FieldKind;
  /** An example, which an empty field shows. */
  readonly example: string;
  /** The values of a `choice`; the first value is the default of the server. */
  readonly options: readonly string[];
  /** The properties that contradict the property of this field; they are removed when this field is filled in. */
  readonly excludes: readonly string[];
}

const field = (
  key: string,
  kind: FieldKind,
  example = '',
  { options = [], excludes = [] }: Partial<RuleField> = {},
): RuleField => ({ key, kind, example, options, excludes });

export interface ActionForm {
  readonly fields: readonly RuleField[];
  /**
   * The field whose value may be the whole parameter, as `url` in `"webhook": "http://…"`; `null` if the parameter is
   * always an object.
   */
  readonly main: string | null;
  /** Whether the parameter is never an object, so that the action has only its main field. */
  readonly isPlain: boolean;
  /** The parameter of a new action; the server accepts this value. */
  readonly initial: unknown;
}

/** Returns the form of an action whose parameter is one value. */
const plain = (only: RuleField, initial: unknown): ActionForm => ({
  fields: [only],
  main: only.key,
  isPlain: true,
  initial,
});
const compound = (main: string | null, initial: unknown, ...fields: RuleField[]): ActionForm => ({
  fields,
  main,
  isPlain: false,
  initial,
});

const destination = field('to', 'text', 'http://127.0.0.1:3000/bounce');

/** The forms of all actions, by the name of the action. */
export const actionForms = {
  reject: plain(field('reply', 'text', '451 4.7.1 Try later'), '451 4.7.1 Try later'),
  delay: plain(field('duration', 'quantity', '3s'), '3s'),
  accept: plain(field('reply', 'text', '250 2.0.0 Fine'), true),
  discard: { fields: [], main: null, isPlain: true, initial: true },
  disconnect: compound(
    'when',
    'before',
    field('when', 'choice', '', { options: ['before', 'after'], excludes: ['afterOctets'] }),
    field('afterOctets', 'quantity', '100', { excludes: ['when'] }),
  ),
  tag: plain(field('tags', 'list', 'slow, billing'), 'slow'),
  throttle: plain(field('rate', 'quantity', '2KB/s'), '2KB/s'),
  greylist: compound(
    null,
    { delay: '10s' },
    field('delay', 'quantity', '5m'),
    field('expiry', 'quantity', '1d'),
  ),
  quota: compound(
    null,
    { messages: 10 },
    field('messages', 'quantity', '10'),
    field('size', 'quantity', '1MB'),
    field('permanent', 'flag'),
  ),
  deliverTo: compound(
    'accounts',
    { accounts: ['qa@example.test'] },
    field('accounts', 'list', 'qa@example.test'),
    field('instead', 'flag'),
  ),
  bounce: compound(
    null,
    true,
    field('action', 'choice', '', { options: ['failed', 'delayed', 'delivered'] }),
    field('status', 'text', '5.1.1'),
    field('diagnostic', 'text', '550 5.1.1 No such user here'),
    destination,
  ),
  autoReply: compound(
    'text',
    { text: 'I am away.' },
    field('text', 'area', 'I am away.'),
    field('subject', 'text', 'Auto: Re: your mail'),
    field('from', 'text', 'away@example.test'),
    destination,
  ),
  webhook: compound(
    'url',
    'http://127.0.0.1:3000/mail',
    field('url', 'text', 'http://127.0.0.1:3000/mail'),
    field('secret', 'text', 's3cret'),
    field('raw', 'flag'),
    field('format', 'choice', '', { options: ['restante', 'mailpit'] }),
  ),
  relay: compound(null, true, field('to', 'list', 'someone@example.test')),
} as const satisfies Record<keyof RuleActions, ActionForm>;

export type ActionName = keyof typeof actionForms;

/** The form of an action that the UI does not know: one field with the parameter as JSON. */
const unknownAction = plain(field('json', 'json', 'true'), true);

export const formOf = (name: string): ActionForm =>
  Object.hasOwn(actionForms, name) ? actionForms[name as ActionName] : unknownAction;

/** The fields that limit how often, to which mail and how long a rule applies. */
export const limitFields: readonly RuleField[] = [
  field('times', 'quantity', '2'),
  field('nth', 'numbers', '1, 3'),
  field('after', 'quantity', '1'),
  field('within', 'quantity', '10m'),
  field('per', 'choice', '', { options: ['rule', 'rcpt', 'from', 'ip', 'user', 'session'] }),
  field('probability', 'quantity', '0.1'),
  field('seed', 'quantity', '42'),
  field('account', 'text', 'qa@example.test'),
  field('expiresIn', 'quantity', '10m', { excludes: ['expiresAt'] }),
  field('expiresAt', 'text', '2030-01-31T12:00:00Z', { excludes: ['expiresIn'] }),
];

/** The conditions of a rule, each with an example value. */
export const conditions = {
  rcpt: 'signup@*',
  from: '*@shop.test',
  user: 'app',
  helo: '*.example.test',
  ip: '10.0.0.0/8',
  port: '1025',
  tls: 'true',
  query: 'has:attachment larger:1MB',
} as const satisfies Record<keyof RuleConditions, string>;

const separated = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

const isNumber = (text: string): boolean => /^-?\d+(\.\d+)?$/.test(text);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Returns the JSON value for the text of a field; `undefined` for an empty text, which removes the property. */
export function valueOfText({ kind }: Pick<RuleField, 'kind'>, text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  switch (kind) {
    case 'quantity':
      if (trimmed === 'false') return false;
      return isNumber(trimmed) ? Number(trimmed) : trimmed;
    case 'list':
      return separated(text);
    case 'numbers': {
      const numbers = separated(text).map((part) => (isNumber(part) ? Number(part) : part));
      return numbers.length === 1 ? numbers[0] : numbers;
    }
    case 'flag':
      return trimmed === 'true';
    case 'json':
      return parseJson(trimmed);
    case 'text':
    case 'area':
    case 'choice':
      return text;
  }
}

/** Returns a JSON value as the text of its field; an absent value is an empty text. */
export function textOfValue({ kind }: Pick<RuleField, 'kind'>, value: unknown): string {
  if (value === undefined || value === null) return '';
  if ((kind === 'list' || kind === 'numbers') && Array.isArray(value)) return value.map(String).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
