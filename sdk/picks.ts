/** One code or link out of those a message has: the likeliest that fits, or an error that shows what there is. */
import type { Code, Link } from '../server/api/contract.ts';
import { AmbiguousError, NotInMessageError } from './errors.ts';
import { describeMatcher, isMatch, type Matcher } from './matcher.ts';

export interface CodeChoice {
  /** In the text around it. */
  readonly near?: Matcher;
  /** Characters of the code. */
  readonly length?: number;
}

export interface LinkChoice {
  readonly kind?: Link['kind'];
  readonly text?: Matcher;
  readonly href?: Matcher;
}

/** Confidences this near are no difference. */
const TIE = 0.02;

export const codesFor = (codes: readonly Code[], { near, length }: CodeChoice): Code[] =>
  codes.filter(
    ({ value, context }) =>
      (length === undefined || value.length === length) && (near === undefined || isMatch(near, context)),
  );

export const linksFor = (links: readonly Link[], { kind, text, href }: LinkChoice): Link[] =>
  links.filter(
    (link) =>
      (kind === undefined || link.kind === kind) &&
      (text === undefined || isMatch(text, link.text)) &&
      (href === undefined || isMatch(href, link.href)),
  );

/** Throws `NotInMessageError`, or `AmbiguousError` when two are as likely. */
export function pickCode(codes: readonly Code[], choice: CodeChoice = {}): Code {
  const fitting = codesFor(codes, choice).sort((a, b) => b.confidence - a.confidence);
  const [first] = fitting;
  const show = ({ value, confidence, context }: Code): string =>
    `${value} (${Math.round(confidence * 100)} %) in ${JSON.stringify(context)}`;
  if (first === undefined) throw new NotInMessageError(`code${describe(choice)}`, codes.map(show));
  const tied = fitting.filter(({ confidence }) => first.confidence - confidence < TIE);
  if (new Set(tied.map(({ value }) => value)).size > 1) {
    throw new AmbiguousError(`code${describe(choice)}`, tied.map(show), 'near or length');
  }
  return first;
}

/** The same address twice is one link. Throws as `pickCode` does. */
export function pickLink(links: readonly Link[], choice: LinkChoice = {}): Link {
  const fitting = linksFor(links, choice);
  const [first] = fitting;
  const show = ({ kind, text, href }: Link): string => `${kind} ${JSON.stringify(text)} ${href}`;
  if (first === undefined) throw new NotInMessageError(`link${describe(choice)}`, links.map(show));
  if (new Set(fitting.map(({ href }) => href)).size > 1) {
    throw new AmbiguousError(`link${describe(choice)}`, fitting.map(show), 'kind, text or href');
  }
  return first;
}

function describe(choice: CodeChoice | LinkChoice): string {
  const wishes = Object.entries(choice).map(
    ([name, wish]) => `${name} ${typeof wish === 'number' ? wish : describeMatcher(wish as Matcher)}`,
  );
  return wishes.length === 0 ? '' : ` with ${wishes.join(', ')}`;
}
