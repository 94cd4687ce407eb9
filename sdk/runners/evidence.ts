/**
 * Saves the mail of a failed test in files (the evidence of the test): the bytes of each message, the SMTP
 * dialogue that delivered it, and the reports of the waits that failed. The error text of the test contains the
 * path of the folder. The folders are below `test-results/restante`, or below the folder in the environment
 * variable `RESTANTE_EVIDENCE`; with the value `off`, nothing is saved.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { observeInboxes, type UsedInbox } from '../in-use.ts';
import { MailTimeoutError } from '../wait-errors.ts';

/** The maximum number of messages of an inbox that are saved, newest first. */
const KEPT = 20;
const MARKS = { client: 'C:', server: 'S:', note: '--' } as const;

/** Returns a name for a file: the letters, digits and hyphens of a text, at most 80 characters. */
const fileName = (text: string): string =>
  text
    .replaceAll(/[^\p{L}\p{N}@.]+/gu, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80) || 'test';

/**
 * The evidence of each running test. Several tests run at once if the test runner runs the tests of a file in
 * parallel.
 */
const running = new Set<Evidence>();

export class Evidence {
  readonly #folder: string | null;
  readonly #inboxes = new Set<UsedInbox>();
  #isEmpty = true;

  /**
   * Begins to record the evidence of a test.
   *
   * @param name the names of the test and of the suites that contain it
   */
  constructor(name: string) {
    const root = process.env['RESTANTE_EVIDENCE'] ?? path.join('test-results', 'restante');
    this.#folder = root === 'off' ? null : path.resolve(root, fileName(name));
    running.add(this);
  }

  use(inbox: UsedInbox): void {
    this.#inboxes.add(inbox);
  }

  /** Writes the report of a failed wait, and the mail of the inbox. */
  async keepFailure(inbox: UsedInbox, error: unknown): Promise<void> {
    // The report of the wait is not in a JSON file, because a new JSON file would make Jest's watch mode run
    // the tests again.
    const data = error instanceof MailTimeoutError ? `\n${JSON.stringify(error.report, null, 2)}\n` : '';
    this.#write(`${fileName(inbox.address)}.wait.txt`, `${String(error)}\n${data}`);
    await this.#keepMail(inbox);
  }

  /**
   * Ends the recording of a test. For a failed test, saves the mail of its inboxes and adds the name of the
   * folder to the texts of the errors; for a test that passed, removes everything that was saved.
   */
  async end(errors: readonly unknown[]): Promise<void> {
    running.delete(this);
    if (this.#folder === null) return;
    if (errors.length > 0) {
      for (const inbox of this.#inboxes) await this.#keepMail(inbox);
      if (!this.#isEmpty)
        for (const error of errors) addLine(error, `The mail of this test: ${this.#folder}`);
    } else if (!this.#isEmpty) {
      rmSync(this.#folder, { recursive: true, force: true });
    }
  }

  /**
   * Saves the messages of an inbox in files. If the inbox was removed or the sandbox was closed, nothing is
   * saved.
   */
  async #keepMail(inbox: UsedInbox): Promise<void> {
    try {
      const summaries = await inbox.list();
      for (const { id, seq, subject } of summaries.slice(0, KEPT)) {
        const message = await inbox.message(id);
        const name = path.join(fileName(inbox.address), `${seq}-${fileName(subject)}`);
        this.#write(`${name}.eml`, await message.raw());
        const lines = (await message.transcript()).map(({ from, text }) => `${MARKS[from]} ${text}\n`);
        this.#write(`${name}.transcript.txt`, lines.join(''));
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

/** Adds a line to the message of an error, and to its stack, which most test runners print. */
function addLine(error: unknown, line: string): void {
  if (typeof error !== 'object' || error === null) return;
  const given = error as { message?: string; stack?: string };
  const message = `${given.message ?? ''}\n\n${line}`;
  const { stack } = given;
  if (given.message !== undefined && stack?.includes(given.message) === true) {
    given.stack = stack.replace(given.message, () => message);
  }
  given.message = message;
}
