/**
 * Attacks and mishaps that brought mail sandboxes down, by class, and the tests that keep them out: so that none is
 * forgotten, and none of the tests goes unnoticed.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

/** A file below test/, and words that stand in it where the class is tested. */
type Proof = readonly [file: string, words: string];

const classes: Readonly<Record<string, readonly Proof[]>> = {
  // Somebody is fetched on behalf of a message.
  'an address in a mail leads into the private network': [
    ['checks/links.test.ts', 'does not touch private addresses'],
    ['hostile/fetching.test.ts', 'the links check touches nothing private'],
  ],
  'a redirect leads there': [['checks/links.test.ts', 'does not follow a redirect into a private network']],
  'a name that is public when it is looked at, and private when it is asked': [
    ['checks/links.test.ts', "web.replace('127.0.0.1', 'localhost')"],
    ['relay/policy.test.ts', 'goes to no private address unless that is allowed, whatever the DNS says'],
  ],
  'a private address in the clothes of another: NAT64, 6to4, Teredo, ISATAP, shared, mapped': [
    ['net/private-address.test.ts', 'addresses that are not public'],
  ],
  'a style sheet, a picture or a part that is fetched while the mail is read or checked': [
    ['hostile/fetching.test.ts', 'nobody is asked on behalf of a message, however it is read'],
  ],
  'an endpoint that fetches for whoever asks': [
    ['hostile/fetching.test.ts', 'nothing else fetches for a caller'],
  ],
  // Too much of something.
  'a message, or a call that sends one, without end': [
    ['dialogs/smtp/oversize.txt', '552'],
    ['hostile/too-much.test.ts', 'a message by the API'],
  ],
  'a body of JSON without end or without bottom': [
    ['hostile/too-much.test.ts', 'a JSON body without a length'],
    ['hostile/too-much.test.ts', 'as deep as a stack is answered'],
  ],
  'a command line without end': [['hostile/too-much.test.ts', 'a command line by SMTP']],
  'a line of a message without end': [['hostile/too-much.test.ts', 'a line of a message']],
  'literals that fill the memory before anybody has logged in': [
    ['hostile/too-much.test.ts', 'IMAP literals'],
  ],
  'commands without end that keep others waiting': [
    ['hostile/too-much.test.ts', 'do not keep others waiting'],
  ],
  'a picture that is larger inside than outside: none is decoded': [
    ['hostile/headers.test.ts', 'parts/${part}'],
  ],
  'a message that takes its reader hours or all memory': [
    ['hostile/costs.slow.test.ts', 'costs no more than a few benign ones'],
    ['checks/monsters.slow.test.ts', 'answers for 10 MB of'],
    ['message/hostile.test.ts', 'are answered'],
  ],
  'two who change the same thing at once': [
    ['store/conformance/messages.ts', 'without a gap or a double to messages that come at once'],
    ['relay/policy.test.ts', 'above the ceiling however many are asked for at once'],
  ],
  'a consumer that does not read': [
    ['imap/server.test.ts', 'sends as much as is asked for, however slowly it is read'],
    ['net/connection.test.ts', 'waits for a peer that does not read'],
    ['soak/readers.ts', 'socket.pause()'],
  ],
  // The browser of the developer.
  'another site’s page opens the WebSocket': [
    ['hostile/headers.test.ts', 'by nobody else'],
    ['api/security.test.ts', 'of another site is refused, for requests and sockets'],
  ],
  'another site’s page calls the API, or reads its answers': [
    ['hostile/headers.test.ts', 'requests that other sites’ pages can make without asking'],
    ['api/security.test.ts', 'is never reflected'],
  ],
  'a name of a stranger’s that leads here (DNS rebinding)': [['api/security.test.ts', "describe('Host'"]],
  'a script in a subject, a name or a body': [
    ['e2e/engines/preview.test.ts', 'Hostile <img src=x onerror=alert(0)>'],
    ['api/preview.test.ts', 'leaves out %s'],
  ],
  'an attachment that is opened as a page of this site': [
    ['api/preview.test.ts', 'never shows SVG or HTML parts in place'],
    ['hostile/headers.test.ts', 'is never a document of this site'],
  ],
  'a mail that tells its sender that it was opened': [
    ['e2e/engines/preview.test.ts', 'loads remote pictures only on request'],
  ],
  // Line breaks and names.
  'a line break in an address, a subject or a name that begins a header': [
    ['hostile/injection.test.ts', 'makes no header of a line break in a %s'],
    ['relay/policy.test.ts', "'a@one.test\\r\\nRCPT TO:<b@one.test>', 'bad-address'"],
  ],
  'a line break in a command that begins another': [
    ['dialogs/smtp/command-injection.txt', 'no second command'],
    ['smtp/server.test.ts', 'runs nothing that was sent in clear behind STARTTLS'],
  ],
  'an end of data that only some take for one (smuggling)': [
    ['dialogs/smtp/smuggling.txt', 'only CRLF.CRLF ends it'],
  ],
  'the rest of a message too large that is read as commands': [['dialogs/smtp/oversize.txt', '552']],
  'a name that leads out of the folder: attachment, content id, id, mailbox, export': [
    ['hostile/paths.test.ts', 'is stored and read without a file outside its folder'],
    ['hostile/paths.test.ts', 'into the folder alone'],
    ['store/transfer/transfer.test.ts', 'keeps folder names inside the directory'],
  ],
  'a file of the machine for whoever asks': [
    ['hostile/paths.test.ts', 'serves no file of the machine'],
    ['hostile/paths.test.ts', 'is made of neither'],
  ],
  // Lost, wiped, altered.
  'an empty variable in a call that deletes everything': [['hostile/wiping.test.ts', 'messages?query=to:']],
  'an id that is unknown or said twice': [['hostile/wiping.test.ts', 'a message that is deleted twice']],
  'mail that cannot be parsed, acknowledged and dropped': [
    ['store/conformance/messages.ts', 'records the defects of bytes that are no proper message'],
  ],
  'recipients that are lost because a Bcc header names others': [
    ['api/messages.test.ts', 'names recipients that no header does'],
  ],
  'bytes that come out other than they went in': [['raw-bytes.test.ts', 'keeps any octets']],
  'dots at the beginnings of lines, by POP3': [
    ['fuzz/pop3.test.ts', 'so that a client reads the same octets'],
    ['dialogs/pop3/top.txt', 'TOP'],
  ],
  'a search that finds the neighbour’s mail': [
    ['store/query/query.test.ts', 'to:ob@x.test'],
    ['hostile/wiping.test.ts', 'finds nobody else’s mail'],
  ],
  'the latest of two that came at the same moment': [
    ['store/conformance/messages.ts', 'gives ids that sort by time'],
  ],
  'events out of order, or lost between two connections': [
    ['api/events.test.ts', 'resumes after a seq without a gap'],
  ],
  'the mail of others that goes with one’s own': [
    ['imap/server.test.ts', 'see one account as others see theirs: not at all'],
  ],
  // What gets out.
  'mail that leaves for somebody who is not on the list': [
    ['relay/policy.test.ts', 'is refused as a whole when one recipient is not allowed'],
  ],
  'mail that goes round in circles': [
    ['relay/policy.test.ts', 'is refused when the message goes round in circles'],
  ],
  'a password in a log, an answer, a transcript or a file': [
    ['hostile/secrets.test.ts', 'no secret comes out again'],
  ],
};

describe.each(Object.entries(classes))('%s', (_name, proofs) => {
  it.each(proofs)('is tested in test/%s: %s', (file, words) => {
    expect(readFileSync(path.join(import.meta.dirname, '..', file), 'utf8')).toContain(words);
  });
});
