/** Tests Python's imaplib, which requires exact responses, and which Python test suites use to read mail. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startImap, type ImapFixture } from '../helpers/imap.ts';
import { installed, mustRun } from '../helpers/tool.ts';

const skip = !installed('python3');

const script = String.raw`
import imaplib, sys, time
port = int(sys.argv[1])

def ok(result, *texts):
    status, data = result
    assert status == 'OK', result
    return data

box = imaplib.IMAP4('127.0.0.1', port)
assert 'IDLE' in box.capabilities, box.capabilities
ok(box.login('a@x.test', 'any'))
ok(box.namespace())
names = [line.decode() for line in ok(box.list())]
assert any('"INBOX"' in name for name in names), names
assert any('\\Sent' in name and '"Sent"' in name for name in names), names
assert ok(box.select()) == [b'2']
assert ok(box.search(None, 'ALL')) == [b'1 2']
assert ok(box.search(None, 'SUBJECT', '"two"')) == [b'2']
assert ok(box.search('UTF-8', 'UNSEEN')) == [b'1 2']
box.literal = 'größe'.encode()
assert ok(box.search('UTF-8', 'BODY')) == [b'1']
assert ok(box.uid('SEARCH', 'FROM', 'ann@x.test')) == [b'1 2']
data = ok(box.fetch('1', '(RFC822)'))
assert data[0][1].startswith(b'From: Ann'), data
data = ok(box.fetch('1:2', '(UID FLAGS RFC822.SIZE BODY.PEEK[HEADER.FIELDS (SUBJECT)])'))
assert [part[1] for part in data if isinstance(part, tuple)] == [b'Subject: one\r\n\r\n', b'Subject: two\r\n\r\n'], data
assert b'\\Seen' in imaplib.ParseFlags(data[0][0]) + imaplib.ParseFlags(data[1]), data
ok(box.store('1', '+FLAGS', r'(\Flagged custom)'))
ok(box.copy('1', 'Archive'))
ok(box.create('New'))
ok(box.rename('New', 'Newer'))
ok(box.subscribe('Newer'))
assert any(b'Newer' in line for line in ok(box.lsub()))
ok(box.unsubscribe('Newer'))
ok(box.delete('Newer'))
sent = imaplib.Time2Internaldate(time.time())
assert b'APPENDUID' in ok(box.append('INBOX', r'(\Seen)', sent, b'Subject: three\n\nx\n'))[0]
assert ok(box.noop()) is not None
assert ok(box.status('INBOX', '(MESSAGES UIDNEXT UIDVALIDITY UNSEEN)'))[0].startswith(b'"INBOX" (MESSAGES 3')
assert ok(box.sort('REVERSE DATE', 'UTF-8', 'ALL')) != [b'']
assert ok(box.thread('REFERENCES', 'UTF-8', 'ALL')) != [b'']
ok(box.store('2', '+FLAGS', r'\Deleted'))
assert ok(box.expunge()) == [b'2']
ok(box.getquotaroot('INBOX'))
ok(box.check())
ok(box.unselect())
ok(box.enable('UTF8=ACCEPT'))
ok(box.append('INBOX', '', sent, 'Subject: grün\n\nx\n'.encode()))
box.logout()

try:
    wrong = imaplib.IMAP4('127.0.0.1', port)
    wrong.fetch('1', 'FLAGS')
    raise AssertionError('fetch before login')
except imaplib.IMAP4.error:
    pass

cram = imaplib.IMAP4('127.0.0.1', port)
ok(cram.login_cram_md5('a@x.test', 'any'))
assert ok(cram.select('Archive', readonly=True)) == [b'1']
assert ok(cram.fetch('1', '(FLAGS)'))
cram.close()
cram.logout()
print('done')
`;

describe.skipIf(skip)(skip ? 'imaplib (not installed: python3)' : 'imaplib', () => {
  let fixture: ImapFixture;
  beforeEach(async () => (fixture = await startImap()));
  afterEach(() => fixture.close());

  it('runs all its commands', async () => {
    const head = 'From: Ann <ann@x.test>\nContent-Type: text/plain; charset=utf-8\n';
    await fixture.deliver(`${head}Subject: one\n\ngröße\n`);
    await fixture.deliver(`${head}Subject: two\n\nplain\n`);
    const output = await mustRun('python3', ['-', String(fixture.port)], { input: script });
    expect(output).toBe('done\n');
  });
});
