/** The projects and inboxes that calls created. Both are numbered, as in Mailtrap. */
import type { RecordSet } from '../../store/store.ts';
import type { CompatDeps } from '../call.ts';
import { notFound } from './errors.ts';

export interface ProjectRecord {
  readonly name: string;
}

export interface InboxRecord {
  readonly name: string;
  readonly project: number;
  /** The user name of SMTP sessions whose messages are in this inbox. */
  readonly username: string;
  readonly password: string;
  /** The local part of the address whose messages are in this inbox. */
  readonly emailUsername: string;
  readonly emailUsernameEnabled: boolean;
  /** Whether the inbox was deleted; its number then no longer selects all mail, as an unknown number does. */
  readonly isDeleted: boolean;
}

/** The number of the project and of the inbox that are listed while no project and no inbox has been created. */
export const DEFAULT_ID = 1;
export const DEFAULT_NAME = 'Restante';

export const projectsOf = ({ store }: CompatDeps): RecordSet<ProjectRecord> =>
  store.records.collection<ProjectRecord>('mailtrap-projects');

/** The created inboxes by number, including deleted inboxes. */
export const inboxesOf = ({ store }: CompatDeps): RecordSet<InboxRecord> =>
  store.records.collection<InboxRecord>('mailtrap-inboxes');

/** Returns a random number of nine digits for a new project or inbox. */
export const newNumber = ({ random }: CompatDeps): number => 100_000_000 + Math.floor(random() * 900_000_000);

/** Returns random hexadecimal digits for a user name or password. */
export const newName = ({ random }: CompatDeps): string =>
  Array.from({ length: 14 }, () => Math.floor(random() * 16).toString(16)).join('');

/** Returns the number in a segment of the path; throws if the segment is not a number. */
export function numberIn(params: Readonly<Record<string, string>>, name: string): number {
  const text = params[name] ?? '';
  if (!/^[1-9]\d{0,14}$/.test(text)) throw notFound();
  return Number(text);
}
