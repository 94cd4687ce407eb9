/** Parses the URL of the database that holds the mail. */
import { single, ValueError } from './values.ts';

/** Matches the schemes of PostgreSQL's URLs, as libpq accepts them. */
const SCHEME = /^postgres(?:ql)?:\/\//;

function parseDatabaseUrl(text: string): string {
  const fault = SCHEME.test(text)
    ? 'is not a URL'
    : 'must start with postgres://, because only PostgreSQL is supported';
  if (!SCHEME.test(text) || !URL.canParse(text)) {
    throw new ValueError(`${fault}: give postgres://user:password@host:5432/name`);
  }
  return text;
}

export const databaseUrl = single<string | null>('URL', parseDatabaseUrl);
