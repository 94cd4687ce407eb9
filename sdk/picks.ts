/**
 * Selects one code, link or attachment of a message. If the choice is not unique or matches nothing, throws an
 * error that lists the possible values.
 */
import type { Attachment, Code, Link } from '../contract/index.ts';
import { linkKinds, linkSources } from '../contract/names.ts';
import { AmbiguousError, NotInMessageError } from './errors.ts';
import { describeMatcher, isMatch, type Matcher } from './matcher.ts';
import { refuseUnknownBeforeOptions, unknownName } from './names.ts';

export interface CodeChoice {
  /**
   * Matches the text around the code; if the matcher matches near several codes, the nearest code is
   * selected.
   */
  readonly near?: Matcher;
  /** The number of characters that the code has. */
  readonly length?: number;
}

export interface LinkChoice {
  readonly kind?: Link['kind'];
  readonly text?: Matcher;
  readonly href?: Matcher;
  /**
   * Where the link must be in the message: in the HTML, in the text, or in a header field (List-Unsubscribe).
   */
  readonly source?: Link['source'];
}

export interface AttachmentChoice {
  readonly filename?: Matcher;
  /** Matches the media type of the attachment, e.g. `application/pdf`. */
  readonly type?: Matcher;
}

const CODE_CHOICES = Object.keys({ near: true, length: true } satisfies Record<keyof CodeChoice, true>);
const LINK_CHOICES = Object.keys({ kind: true, text: true, href: true, source: true } satisfies Record<
  keyof LinkChoice,
  true
>);
const ATTACHMENT_CHOICES = Object.keys({ filename: true, type: true } satisfies Record<
  keyof AttachmentChoice,
  true
>);
/** Throws a `TypeError` for an unknown key in the choice of a code. */
export const checkCodeChoice = (choice: CodeChoice): void =>
  refuseUnknownBeforeOptions('choice', choice, CODE_CHOICES);

/**
 * Throws a `TypeError` for an unknown key in the choice of a link, and for an unknown kind or source of
 * links.
 */
export function checkLinkChoice(choice: LinkChoice): void {
  refuseUnknownBeforeOptions('choice', choice, LINK_CHOICES);
  if (choice.kind !== undefined && !linkKinds.includes(choice.kind)) {
    throw unknownName('kind', choice.kind, linkKinds);
  }
  if (choice.source !== undefined && !linkSources.includes(choice.source)) {
    throw unknownName('source', choice.source, linkSources);
  }
}

/** The largest difference in confidence (0 to 1) at which two codes are treated as equally likely. */
const TIE = 0.02;

export const codesFor = (codes: readonly Code[], { near, length }: CodeChoice): Code[] =>
  codes.filter(
    ({ value, context }) =>
      (length === undefined || value.length === length) && (near === undefined || isMatch(near, context)),
  );

export const linksFor = (links: readonly Link[], { kind, text, href, source }: LinkChoice): Link[] =>
  links.filter(
    (link) =>
      (kind === undefined || link.kind === kind) &&
      (source === undefined || link.source === source) &&
      (text === undefined || isMatch(text, link.text)) &&
      (href === undefined || isMatch(href, link.href)),
  );

/**
 * Returns the most likely code that matches the choice, which contains the test's criteria. Throws
 * `NotInMessageError` if no code matches, and `AmbiguousError` if two codes are equally likely.
 */
export function pickCode(codes: readonly Code[], choice: CodeChoice = {}): Code {
  checkCodeChoice(choice);
  const fitting = nearest(codesFor(codes, choice), choice).sort((a, b) => b.confidence - a.confidence);
  const [first] = fitting;
  const show = ({ value, confidence, context }: Code): string =>
    `${value} (${Math.round(confidence * 100)} %) in ${JSON.stringify(context)}`;
  if (first === undefined) throw new NotInMessageError(`code${describeChoice(choice)}`, codes.map(show));
  const tied = fitting.filter(({ confidence }) => first.confidence - confidence < TIE);
  if (new Set(tied.map(({ value }) => value)).size > 1) {
    throw new AmbiguousError(`code${describeChoice(choice)}`, tied.map(show), 'near or length');
  }
  return first;
}

/** Returns the codes that are nearest to a match of the matcher `near`. */
function nearest(codes: Code[], { near }: CodeChoice): Code[] {
  if (near === undefined || typeof near === 'function') return codes;
  const ranked = codes.map((code) => ({ code, distance: distanceTo(near, code) }));
  const least = Math.min(...ranked.map(({ distance }) => distance));
  return ranked.filter(({ distance }) => distance === least).map(({ code }) => code);
}

/**
 * The penalty, in characters, that is added to the distance between a match of `near` and a code if they are
 * in different sentences or lines.
 */
const ELSEWHERE = 1_000;

function distanceTo(near: string | RegExp, { value, context }: Code): number {
  const at = context.indexOf(value);
  const pattern =
    typeof near === 'string'
      ? new RegExp(near.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`), 'gi')
      : new RegExp(near, `${near.flags.replace(/[gy]/g, '')}g`);
  const distances = [...context.matchAll(pattern)].map(({ 0: match, index }) => {
    const before = index + match.length <= at;
    const between = before
      ? context.slice(index + match.length, at)
      : context.slice(at + value.length, index);
    return between.length + (/[.!?]\s|\n/.test(between) ? ELSEWHERE : 0);
  });
  return Math.min(...distances);
}

/**
 * Returns the link that matches the choice, which contains the test's criteria; links with the same URL count
 * as one link. Throws `NotInMessageError` if no link matches, and `AmbiguousError` if several links match.
 */
export function pickLink(links: readonly Link[], choice: LinkChoice = {}): Link {
  checkLinkChoice(choice);
  const fitting = linksFor(links, choice);
  const [first] = fitting;
  const show = ({ kind, text, href }: Link): string => `${kind} ${JSON.stringify(text)} ${href}`;
  if (first === undefined) throw new NotInMessageError(`link${describeChoice(choice)}`, links.map(show));
  if (new Set(fitting.map(({ href }) => href)).size > 1) {
    throw new AmbiguousError(`link${describeChoice(choice)}`, fitting.map(show), 'kind, text or href');
  }
  return first;
}

/**
 * Returns the first attachment that matches the choice, which contains the test's criteria. Throws
 * `NotInMessageError` if no attachment matches.
 */
export function pickAttachment<A extends Pick<Attachment, 'filename' | 'type'>>(
  attachments: readonly A[],
  choice: AttachmentChoice,
): A {
  refuseUnknownBeforeOptions('choice', choice, ATTACHMENT_CHOICES);
  const { filename, type } = choice;
  const found = attachments.find(
    (one) =>
      (filename === undefined || (one.filename !== null && isMatch(filename, one.filename))) &&
      (type === undefined || isMatch(type, one.type)),
  );
  if (found !== undefined) return found;
  const others = attachments.map((one) => `${one.filename ?? '(no name)'} ${one.type}`);
  throw new NotInMessageError(`attachment${describeChoice(choice)}`, others);
}

/**
 * Returns a text that describes a choice (criteria for a code, link or attachment), for example ` with length
 * 6`; an empty text for an empty choice.
 */
export function describeChoice(choice: CodeChoice | LinkChoice | AttachmentChoice): string {
  const wishes = Object.entries(choice).map(
    ([name, wish]) => `${name} ${typeof wish === 'number' ? wish : describeMatcher(wish as Matcher)}`,
  );
  return wishes.length === 0 ? '' : ` with ${wishes.join(', ')}`;
}
