/**
 * An IMAP client whose view of the mailbox comes only from the server's responses. It checks that each response is
 * permitted: EXPUNGE and VANISHED only at permitted times, only existing sequence numbers, and no sequence number
 * that silently changes to another message.
 */
import { expect } from 'vitest';
import type { ImapFixture, ImapTalk } from './imap.ts';

/** The extensions that a client enables, which determine the form of the notifications that it receives. */
export const KINDS = ['IMAP4rev1', 'QRESYNC', 'IMAP4rev2'] as const;
export type Kind = (typeof KINDS)[number];

/** The client's knowledge of a message: its UID and its flags, each `null` until the server has sent it. */
export interface Believed {
  uid: number | null;
  flags: Set<string> | null;
}

export class Believer {
  readonly messages: Believed[] = [];
  readonly talk: ImapTalk;
  readonly #kind: Kind;

  private constructor(talk: ImapTalk, kind: Kind) {
    this.talk = talk;
    this.#kind = kind;
  }

  /** Logs in and selects INBOX. */
  static async start(fixture: ImapFixture, user: string, kind: Kind): Promise<Believer> {
    const believer = new Believer(await fixture.login(user), kind);
    if (kind !== 'IMAP4rev1') await believer.talk.ok(`ENABLE ${kind}`);
    for (const line of await believer.talk.ok('SELECT INBOX')) believer.#hear(line, false);
    return believer;
  }

  /** Runs a command; resolves with its tagged response. */
  async command(text: string, expunges: boolean): Promise<string> {
    const lines = await this.talk.command(text);
    for (const line of lines.slice(0, -1)) this.#hear(line, expunges);
    return lines.at(-1) ?? '';
  }

  /** Idles for a moment, so that the server sends the notifications that it has delayed. */
  async idle(): Promise<void> {
    this.talk.write('i IDLE\r\n');
    for (let line = await this.talk.line(); line !== '+ idling'; line = await this.talk.line()) {
      this.#hear(line, true);
    }
    this.talk.write('DONE\r\n');
    for (const line of (await this.talk.until('i')).slice(0, -1)) this.#hear(line, true);
  }

  /**
   * Applies a response to the client's view of the mailbox.
   * @param expunges whether the server may report expunged messages now
   */
  #hear(line: string, expunges: boolean): void {
    if (this.#kind === 'IMAP4rev2') expect(line).not.toMatch(/recent/i);
    const vanished = /^\* VANISHED ([\d:,]+)$/.exec(line)?.[1];
    const [, digits = '', name = '', rest = ''] = /^\* (\d+) (EXPUNGE|EXISTS|FETCH)(.*)$/s.exec(line) ?? [];
    const number = Number(digits);
    if (vanished !== undefined || name === 'EXPUNGE') {
      expect(expunges, `forbidden now: ${line}`).toBe(true);
      expect(vanished !== undefined, line).toBe(this.#kind === 'QRESYNC');
    }
    if (vanished !== undefined) {
      for (const uid of uidsOf(vanished)) this.#remove(this.#indexOf(uid), line);
    } else if (name === 'EXPUNGE') {
      this.#remove(number - 1, line);
    } else if (name === 'EXISTS') {
      expect(number, line).toBeGreaterThanOrEqual(this.messages.length);
      while (this.messages.length < number) this.messages.push({ uid: null, flags: null });
    } else if (name === 'FETCH') {
      this.#learn(number, rest, line);
    }
  }

  #remove(index: number, line: string): void {
    expect(this.messages[index], `a departure of what is not there: ${line}`).toBeDefined();
    this.messages.splice(index, 1);
  }

  /**
   * Returns the index of the message with a UID. If no message is known to have this UID, returns the index of the
   * message of unknown UID directly before the first message with a higher UID; -1 if there is no such message.
   */
  #indexOf(uid: number): number {
    const known = this.messages.findIndex((message) => message.uid === uid);
    if (known !== -1) return known;
    const after = this.messages.findIndex((message) => message.uid !== null && message.uid > uid);
    const end = after === -1 ? this.messages.length : after;
    return this.messages[end - 1]?.uid === null ? end - 1 : -1;
  }

  #learn(number: number, items: string, line: string): void {
    const message = this.messages[number - 1];
    expect(message, `FETCH of a message that is not there: ${line}`).toBeDefined();
    const uid = /UID (\d+)/.exec(items)?.[1];
    const flags = /FLAGS \(([^)]*)\)/.exec(items)?.[1];
    if (message === undefined) return;
    if (uid !== undefined) {
      if (message.uid !== null) expect(Number(uid), line).toBe(message.uid);
      message.uid = Number(uid);
    }
    if (flags !== undefined) {
      message.flags = new Set(flags.split(' ').filter((flag) => flag !== '' && flag !== '\\Recent'));
    }
  }
}

function uidsOf(set: string): number[] {
  return set.split(',').flatMap((range) => {
    const [from = 0, to = from] = range.split(':').map(Number);
    return Array.from({ length: to - from + 1 }, (_, at) => from + at);
  });
}
