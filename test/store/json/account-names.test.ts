/** Tests a data directory of a version that stored accounts under other spellings: no data is lost. */
import { expect, it } from 'vitest';
import type { AccountName } from '../../../server/store/ids.ts';
import { contents, mailboxOf, openIn, temporaryDirectory, uids } from '../stores.ts';
import { newMessage } from '../new-message.ts';

/** Account names as an earlier version stored them. */
const encoded = 'kunde@xn--bcher-kva.test' as AccountName;
const unicode = 'kunde@bücher.test' as AccountName;
const other = 'jo\u0308rg@x.test' as AccountName;
const composed = 'jörg@x.test' as AccountName;

const to = (account: AccountName, subject: string) => newMessage({ subject }, { targets: [{ account }] });

it('renames an account with its mailboxes, UIDs and UIDVALIDITY', async () => {
  const directory = temporaryDirectory();
  const before = await openIn(directory);
  for (const subject of ['one', 'two', 'three']) await before.messages.add(to(other, subject));
  await before.accounts.open(other);
  await before.mailboxes.create(other, 'Projekte');
  await before.mailboxes.subscribe(other, 'Projekte', true);
  const inbox = await mailboxOf(before, other);
  await before.placements.setFlags(inbox.id, uids(2), 'add', ['\\Seen']);
  await before.placements.expunge(inbox.id, uids(1));
  const known = await mailboxOf(before, other);
  await before.close();

  const after = await openIn(directory);
  expect(await after.accounts.get(other)).toBeUndefined();
  expect(await mailboxOf(after, composed)).toMatchObject({
    id: known.id,
    uidValidity: known.uidValidity,
    uidNext: 4,
    messages: 2,
    unseen: 1,
  });
  expect(await contents(after, known.id)).toEqual(['2:\\Seen', '3:']);
  expect(await after.mailboxes.subscriptions(composed)).toContain('Projekte');
  expect((await after.facts()).warnings).toEqual([expect.stringContaining('1 account renamed')]);
  await after.close();
  const again = await openIn(directory);
  expect((await again.facts()).warnings).toEqual([]);
  expect(await contents(again, known.id)).toEqual(['2:\\Seen', '3:']);
});

it('merges two accounts of one address', async () => {
  const directory = temporaryDirectory();
  // Both mailboxes are created in the same second, so their UIDVALIDITY is the same.
  const before = await openIn(directory, { clock: () => 1_800_000_000_000 });
  await before.messages.add(to(unicode, 'in unicode'));
  await before.messages.add(
    newMessage({ subject: 'in both' }, { targets: [{ account: unicode }, { account: encoded }] }),
  );
  await before.messages.add(to(encoded, 'in ascii'));
  await before.accounts.mint('x@x.test' as AccountName, 'p');
  await before.accounts.open(encoded);
  await before.mailboxes.create(encoded, 'Archiv/2026');
  await before.accounts.setPassword(encoded, 'secret');
  const [kept, left] = [await mailboxOf(before, unicode), await mailboxOf(before, encoded)];
  expect(kept.uidValidity).toBe(left.uidValidity);
  const everything = await before.messages.list({ limit: 9 });
  await before.close();

  const after = await openIn(directory);
  const joined = await mailboxOf(after, unicode);
  expect(joined).toMatchObject({ id: kept.id, messages: 3 });
  expect(joined.uidValidity).toBeGreaterThan(kept.uidValidity);
  const page = await after.messages.list({ account: unicode, limit: 9, order: 'oldest' });
  expect(page.messages.map(({ summary }) => summary.subject)).toEqual(['in unicode', 'in both', 'in ascii']);
  expect((await after.messages.list({ limit: 9 })).total).toBe(everything.total);
  expect(await mailboxOf(after, unicode, 'Archiv/2026')).toBeDefined();
  expect(await after.accounts.get(unicode)).toMatchObject({ minted: true, hasPassword: true });
  expect((await after.accounts.list({ limit: 99 })).accounts.map(({ name }) => name)).not.toContain(encoded);
  expect((await after.facts()).warnings).toEqual([
    expect.stringContaining('renamed'),
    expect.stringContaining(`merged with the account of the canonical spelling: ${encoded}`),
  ]);
  // New mail in either spelling gets higher UIDs than the existing mail.
  const added = await after.messages.add(to(unicode, 'new'));
  expect(added.places).toContainEqual({ account: unicode, mailbox: kept.id, uid: 4 });
});

it('keeps UIDVALIDITY if it distinguishes the two mailboxes', async () => {
  const directory = temporaryDirectory();
  let now = 1_800_000_000_000;
  const before = await openIn(directory, { clock: () => now });
  await before.messages.add(to(unicode, 'first'));
  now += 60_000;
  await before.messages.add(to(encoded, 'second'));
  const { uidValidity } = await mailboxOf(before, unicode);
  await before.close();
  const after = await openIn(directory);
  expect(await mailboxOf(after, unicode)).toMatchObject({ uidValidity, messages: 2 });
});
