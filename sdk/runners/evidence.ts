/**
 * Saves the mail of a failed test in files (the evidence of the test): the bytes of each message, the SMTP
 * dialogue that delivered it, a picture if a browser is available, and the reports of the waits that failed. The
 * error text of the test contains the path of the folder. The folders are below `test-results/restante`, or below
 * the folder in the environment variable `RESTANTE_EVIDENCE`; with the value `off`, nothing is saved.
 */
import { existsSync, mkdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { observeInboxes, type UsedInbox } from '../in-use.ts';
import { MailTimeoutError } from '../wait-errors.ts';
import { takePicture } from './picture.ts';

/** The maximum number of messages of an inbox that are saved, newest first. */
const KEPT = 20;
/** The maximum number of pictures for one inbox: of more messages, only the newest messages are rendered and saved. */
const PICTURES = 3;
/**
 * The time for which a server that continues to run keeps the inbox of a failed test, in milliseconds. The same
 * time is in `KEPT_TEXT`.
 */
const KEPT_FOR = 3_600_000;
const KEPT_TEXT = 'for an hour';
const MARKS = { client: 'C:', server: 'S:', note: '--' } as const;

/** The properties of an inbox that an integration created for a test. */
export interface OwnInbox extends UsedInbox {
  /** Whether the sandbox continues to run after this program. */
  readonly staysOpen: boolean;
  delete(options?: { delay?: number }): Promise<void>;
}

export interface TestIdentity {
  /** The path of the test's file; absent if the test runner does not report it. */
  readonly file?: string | undefined;
  /** The names of the test and of the suites that contain it. */
  readonly name: string;
}

/** Takes a picture of the page at a URL; `null` if no browser is available. */
export type Picture = (url: string) => Promise<Uint8Array | null>;

/** Returns a name for a file: the letters, digits and hyphens of a text, at most 80 characters. */
const fileName = (text: string): string =>
  text
    .replaceAll(/[^\p{L}\p{N}@.]+/gu, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80) || 'test';

/** The number of tests of this run by their folder, because several tests may have the same name. */
const begun = new Map<string, number>();

/**
 * Ends the recording of a test file, so that a further run of the file in this process (as in a watch mode) uses the
 * same folders.
 */
export const finishFile = (): void => begun.clear();

/** Returns the folder of a test, which no other test of this run has; `null` if nothing is saved. */
function folderFor({ file, name }: TestIdentity): string | null {
  const root = process.env['RESTANTE_EVIDENCE'] ?? path.join('test-results', 'restante');
  if (root === 'off') return null;
  const folder = path.resolve(
    root,
    file === undefined ? '' : fileName(path.relative(process.cwd(), file)),
    fileName(name),
  );
  const count = (begun.get(folder) ?? 0) + 1;
  begun.set(folder, count);
  return count === 1 ? folder : `${folder}-${count}`;
}

/**
 * The evidence of each running test. Several tests run at once if the test runner runs the tests of a file in
 * parallel.
 */
const running = new Set<Evidence>();

export class Evidence {
  readonly #folder: string | null;
  readonly #picture: Picture;
  readonly #inboxes = new Set<UsedInbox>();
  readonly #own: OwnInbox[] = [];
  #reports = 0;
  #isEmpty = true;
  #isFailed = false;

  /** Begins to record the evidence of a test. */
  constructor(test: TestIdentity, picture: Picture = takePicture) {
    this.#folder = folderFor(test);
    this.#picture = picture;
    running.add(this);
  }

  use(inbox: UsedInbox): void {
    this.#inboxes.add(inbox);
  }

  /** Records an inbox that was created for the test; `leave` removes it. */
  own(inbox: OwnInbox): void {
    this.use(inbox);
    this.#own.push(inbox);
  }

  /** Writes the report of a failed wait, and the mail of the inbox. */
  async keepFailure(inbox: UsedInbox, error: unknown): Promise<void> {
    // The report of the wait is not in a JSON file, because a new JSON file would make Jest's watch mode run
    // the tests again.
    const data = error instanceof MailTimeoutError ? `\n${JSON.stringify(error.report, null, 2)}\n` : '';
    this.#reports++;
    const number = this.#reports === 1 ? '' : `-${this.#reports}`;
    this.#write(`${fileName(inbox.address)}.wait${number}.txt`, `${String(error)}\n${data}`);
    await this.#keepMail(inbox);
  }

  /** Adds the name of the folder to the text of an error of the running test, if mail of the test has been saved. */
  nameFolderIn(error: unknown): void {
    if (this.#folder !== null && !this.#isEmpty) addLines(error, [`The mail of this test: ${this.#folder}`]);
  }

  /**
   * Ends the recording of a test. For a failed test, saves the mail of its inboxes and adds the name of the folder to
   * the texts of the errors; for a test that passed, removes everything that was saved for it, in this run or in an
   * earlier run.
   */
  async end(errors: readonly unknown[]): Promise<void> {
    running.delete(this);
    this.#isFailed = errors.length > 0 && this.#folder !== null;
    if (this.#folder === null) return;
    if (!this.#isFailed) {
      remove(this.#folder);
      return;
    }
    for (const inbox of this.#inboxes) await this.#keepMail(inbox, this.#picture);
    const lines = this.#isEmpty ? [] : [`The mail of this test: ${this.#folder}`];
    const kept = this.#own.filter(({ staysOpen }) => staysOpen);
    lines.push(...kept.map(({ url }) => `Its inbox stays ${KEPT_TEXT}: ${url}`));
    if (lines.length > 0) for (const error of errors) addLines(error, lines);
  }

  /**
   * Removes the inboxes that were created for the test. A server that continues to run keeps those of a failed
   * test for an hour.
   */
  async leave(): Promise<void> {
    const isFailed = this.#isFailed;
    await Promise.all(
      this.#own
        .splice(0)
        .map((inbox) => inbox.delete(isFailed && inbox.staysOpen ? { delay: KEPT_FOR } : {})),
    );
  }

  /**
   * Saves the messages of an inbox in files. If the inbox was removed or the sandbox was closed, nothing is
   * saved.
   */
  async #keepMail(inbox: UsedInbox, picture?: Picture): Promise<void> {
    if (this.#folder === null) return;
    try {
      const summaries = await inbox.list();
      for (const [index, { id, seq, subject, hasHtml }] of summaries.slice(0, KEPT).entries()) {
        const message = await inbox.message(id);
        const name = path.join(fileName(inbox.address), `${seq}-${fileName(subject)}`);
        this.#write(`${name}.eml`, await message.raw());
        const lines = (await message.transcript()).map(({ from, text }) => `${MARKS[from]} ${text}\n`);
        this.#write(`${name}.transcript.txt`, lines.join(''));
        if (picture === undefined || !hasHtml || index >= PICTURES) continue;
        const page = new URL(`../api/messages/${id}/html`, inbox.url).href;
        const image = await picture(page).catch(() => null);
        if (image !== null) this.#write(`${name}.png`, image);
      }
    } catch {
      // An error that occurs while the mail is saved is ignored, because it must not replace the error of the
      // test.
    }
  }

  #write(name: string, content: string | Uint8Array): void {
    if (this.#folder === null) return;
    if (this.#isEmpty) rmSync(this.#folder, { recursive: true, force: true });
    this.#isEmpty = false;
    const file = path.join(this.#folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

observeInboxes({
  used: (inbox) => running.forEach((evidence) => evidence.use(inbox)),
  failed: async (inbox, error) => {
    await Promise.all(Array.from(running, (evidence) => evidence.keepFailure(inbox, error)));
  },
});

/** Removes the folder of a test, and the folder of its file if nothing else is in it. */
function remove(folder: string): void {
  if (!existsSync(folder)) return;
  rmSync(folder, { recursive: true, force: true });
  try {
    rmdirSync(path.dirname(folder));
  } catch {
    // The folder of the test file is not empty, because it contains the mail of other tests, so it is not removed.
  }
}

/** Adds lines to the message of an error, and to its stack, which most test runners print. */
export function addLines(error: unknown, lines: readonly string[]): void {
  if (typeof error !== 'object' || error === null) return;
  const given = error as { message?: string; stack?: string };
  const message = `${given.message ?? ''}\n\n${lines.join('\n')}`;
  const { stack } = given;
  if (given.message !== undefined && stack?.includes(given.message) === true) {
    given.stack = stack.replace(given.message, () => message);
  }
  given.message = message;
}
