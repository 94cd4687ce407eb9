/** Examines the tables of a store on PostgreSQL, without changing them. */
import { StoreError, type StoreFacts } from '../store.ts';
import { Database } from './database.ts';
import { migrations } from './migrations/index.ts';
import { newerSchema, versionOf } from './migrate.ts';

/**
 * The checks: a description of each kind of problem, with the SQL that counts its occurrences (0 in a sound
 * database).
 */
const CHECKS: Readonly<Record<string, string>> = {
  'messages without their bytes':
    'select count(*) from message m where not exists (select from content c where c.id = m.id)',
  'bytes without a message':
    'select count(*) from content c where not exists (select from message m where m.id = c.id)',
  'messages in no mailbox':
    'select count(*) from message m where not exists (select from placement p where p.message = m.id)',
  'placements of a missing message':
    'select count(*) from placement p where not exists (select from message m where m.id = p.message)',
  'placements in a missing mailbox':
    'select count(*) from placement p where not exists (select from mailbox b where b.id = p.mailbox)',
  'mailboxes of a missing account':
    'select count(*) from mailbox b where not exists (select from account a where a.name = b.account)',
  'mailboxes whose counters are wrong': `select count(*) from mailbox b
    left join (select p.mailbox, count(*) as messages, sum(m.size) as size,
        count(*) filter (where '\\Seen' <> all(p.flags)) as unseen, max(p.uid) as last
      from placement p join message m on m.id = p.message group by p.mailbox) found on found.mailbox = b.id
    where b.messages <> coalesce(found.messages, 0) or b.size <> coalesce(found.size, 0)
      or b.unseen <> coalesce(found.unseen, 0) or b.uid_next <= coalesce(found.last, 0)`,
  'counters of the whole store that are wrong': `select count(*) from head
    where messages <> (select count(*) from message) or bytes <> (select coalesce(sum(size), 0) from message)
      or seq < (select coalesce(max(seq), 0) from change)`,
};

export interface DatabaseReport {
  readonly facts: Pick<StoreFacts, 'messages' | 'accounts' | 'bytes' | 'seq'>;
  /** Number of messages whose texts are not written for searches yet. */
  readonly unindexed: number;
  /**
   * The kinds of problems that were found, each with the number of its occurrences; empty if the database is
   * sound.
   */
  readonly problems: readonly { readonly what: string; readonly count: number }[];
}

/**
 * Examines the database while nodes may use it.
 * @throws StoreError `unavailable`, `newer`, or `not-found` if the database has no tables of this version
 */
export async function examineDatabase(url: string): Promise<DatabaseReport> {
  const database = new Database(url);
  try {
    const version = await versionOf(database);
    if (version > migrations.length) throw newerSchema(version, migrations.length);
    if (version < migrations.length) {
      const what = version === 0 ? 'It has no tables of Restante' : 'Its tables are of an older version';
      throw new StoreError('not-found', `${what}: start a server with this --store once`);
    }
    const [facts] = await database.read<DatabaseReport['facts'] & { unindexed: number }>(
      `select messages, bytes, seq, (select count(*) from account) as accounts,
         (select count(*) from unindexed) as unindexed from head`,
    );
    const problems = [];
    for (const [what, text] of Object.entries(CHECKS)) {
      const [row] = await database.read<{ count: number }>(text);
      if (row !== undefined && row.count > 0) problems.push({ what, count: row.count });
    }
    const { unindexed = 0, ...rest } = facts ?? {
      messages: 0,
      bytes: 0,
      seq: 0 as StoreFacts['seq'],
      accounts: 0,
    };
    return { facts: rest, unindexed, problems };
  } finally {
    await database.close();
  }
}
