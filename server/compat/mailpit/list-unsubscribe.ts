/** Reads the header field List-Unsubscribe (RFC 2369) and lists its faults in the words of Mailpit. */

export interface ListUnsubscribe {
  readonly Header: string;
  readonly Links: readonly string[];
  /** The faults of the field, separated by commas; empty for a valid field. */
  readonly Errors: string;
  readonly HeaderPost: string;
}

interface Links {
  readonly links: readonly string[];
  readonly errors: readonly string[];
}

const failed = (error: string): Links => ({ links: [], errors: [error] });

function readLinks(value: string): Links {
  const text = value.replaceAll(/\([^]*?\)/g, '').trim();
  const quoted = JSON.stringify(text);
  const found = [...text.matchAll(/<(.*?)>/g)].map(([, link = '']) => link);
  if (found.length === 0) return failed(`${quoted} no valid unsubscribe links found`);
  if (!/^<[^]*>$/.test(text)) return failed(`${quoted} should be enclosed in <>`);
  if (found.length > 2) return failed(`${quoted} should include a maximum of one email and one HTTP link`);
  if ([...text.matchAll(/>([^]*?)</g)].some(([, join = '']) => !/^\s*,\s*$/.test(join)))
    return failed(`${quoted} <> should be split with a comma and optional spaces`);
  return checkEach(found);
}

const KINDS = [
  { pattern: /^mailto:[a-z0-9]/i, repeated: 'should only contain one mailto:' },
  { pattern: /^https?:\/\/[a-z0-9]/i, repeated: 'should only contain one HTTP link' },
];

/** Returns the valid links, at most one of each kind, and the faults of the invalid links. */
function checkEach(found: readonly string[]): Links {
  const links: string[] = [];
  const errors: string[] = [];
  for (const link of found) {
    const kind = KINDS.find(({ pattern }) => pattern.test(link));
    const quoted = JSON.stringify(link);
    if (/\s/.test(link)) errors.push(`${quoted} should not contain spaces`);
    else if (kind === undefined) errors.push(`${quoted} should start with either http(s):// or mailto:`);
    else if (links.some((other) => kind.pattern.test(other))) errors.push(`${quoted} ${kind.repeated}`);
    else if (!URL.canParse(link)) errors.push(`${quoted} is not a valid URL`);
    else links.push(link);
  }
  return { links, errors };
}

/** @param value the unfolded value of List-Unsubscribe; `undefined` for a message without this field */
export function readListUnsubscribe(value: string | undefined, post: string): ListUnsubscribe {
  if (value === undefined || value === '') return { Header: '', Links: [], Errors: '', HeaderPost: '' };
  const { links, errors } = readLinks(value);
  return { Header: value, Links: links, Errors: errors.join(', '), HeaderPost: post };
}
