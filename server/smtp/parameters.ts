/**
 * The ESMTP parameters that this server supports, and the checks of their values. An unknown name is refused with
 * 555 (RFC 5321 §4.1.1.11).
 */
import { SmtpReply } from './reply.ts';
import { isXtext } from '../../contract/text/xtext.ts';
import { departure, type Departure } from './departure.ts';
import type { GivenParameter } from './path.ts';

/** Returns whether a parameter's value is well-formed; the value `true` stands for a parameter without a value. */
type Check = (value: string | true) => boolean;

const text =
  (pattern: RegExp): Check =>
  (value) =>
    value !== true && pattern.test(value);

/** The maximum number of characters of a parameter's value (ENVID: RFC 3461 §4.4; ORCPT: §4.2). */
const LONGEST: Readonly<Record<string, number>> = { ENVID: 100, ORCPT: 500 };

function isNotify(value: string | true): boolean {
  if (value === true) return false;
  const words = value.toUpperCase().split(',');
  return words.every((word) => /^(?:SUCCESS|FAILURE|DELAY)$/.test(word)) || value.toUpperCase() === 'NEVER';
}

const ofMail: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['SIZE', text(/^\d+$/)],
  ['BODY', text(/^(?:7BIT|8BITMIME|BINARYMIME)$/i)],
  ['SMTPUTF8', (value) => value === true],
  ['RET', text(/^(?:FULL|HDRS)$/i)],
  ['ENVID', (value) => value !== true && isXtext(value)],
  // An empty value of AUTH means the same as `<>`, and Postfix accepts it.
  ['AUTH', (value) => value !== true && (value === '' || value === '<>' || isXtext(value))],
]);

const ofRcpt: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['NOTIFY', isNotify],
  [
    'ORCPT',
    (value) =>
      value !== true &&
      /^[A-Za-z0-9-]+;./.test(value) &&
      // With SMTPUTF8 the address of ORCPT may be unencoded (RFC 6533 §3).
      (isXtext(value.slice(value.indexOf(';') + 1)) || /^utf-8;/i.test(value)),
  ],
]);

/** The names of all parameters of MAIL and RCPT. */
export const parameterNames: readonly string[] = [...ofMail.keys(), ...ofRcpt.keys()];

/**
 * Checks all given parameters, including repeated parameters. Returns the accepted deviations from the standard. Throws
 * the `SmtpReply` for the first parameter that is not supported or not well-formed.
 */
export function checkParameters(
  command: 'MAIL' | 'RCPT',
  parameters: readonly GivenParameter[],
): readonly Departure[] {
  const offered = command === 'MAIL' ? ofMail : ofRcpt;
  const departures: Departure[] = [];
  for (const [name, value] of parameters) {
    const check = offered.get(name);
    if (check === undefined) throw new SmtpReply(555, '5.5.4', `Unsupported parameter ${name} of ${command}`);
    if (!check(value)) throw new SmtpReply(501, '5.5.4', `Bad value of parameter ${name}`);
    const longest = LONGEST[name] ?? Infinity;
    if (value === '' || (value !== true && value.length > longest)) {
      departures.push(departure('parameter-malformed', `${name}=${value}`));
    }
  }
  return departures;
}
