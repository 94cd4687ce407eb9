/**
 * A running browser without a window: starts its process, and ends the process together with all processes that it
 * started.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { Devtools } from './devtools.ts';

/** The maximum number of characters of the browser's error output that an error contains. */
const MAX_SAID = 300;

/**
 * The options of the browser. No host name can be resolved, and no address can be connected to: the pages get
 * everything that they load from this process.
 */
const FLAGS = [
  '--headless',
  '--remote-debugging-pipe',
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--proxy-server=socks5://0.0.0.0:1',
  '--proxy-bypass-list=<-loopback>',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-extensions',
  '--disable-sync',
  '--disable-gpu',
  // Chrome writes temporary files instead of shared memory, because the folder of shared memory is small in containers.
  '--disable-dev-shm-usage',
  '--hide-scrollbars',
  '--mute-audio',
];

/** The error of a browser that does not start, or that ended before it was closed. */
export class ChromeEnded extends Error {
  override readonly name = 'ChromeEnded';
}

export class Chrome {
  readonly devtools: Devtools;
  /** Resolves when the process has ended and its files are deleted. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  #isEnded = false;
  #said = '';

  private constructor(executable: string, profile: string, flags: readonly string[]) {
    const isGroup = process.platform !== 'win32';
    const child = spawn(executable, [...FLAGS, ...flags, `--user-data-dir=${profile}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
      // The processes of the browser form a group, so that they can be ended together.
      detached: isGroup,
      // Temporary files are written into the profile, because a browser that is killed does not delete them. On macOS,
      // TMPDIR is not set, because the path of a socket in the profile would be too long.
      ...(process.platform === 'linux' ? { env: { ...process.env, TMPDIR: profile } } : {}),
      windowsHide: true,
    });
    this.#child = child;
    const [, , , output, input] = child.stdio;
    this.devtools = new Devtools(input as Readable, output as Writable);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-4 * MAX_SAID);
    });
    this.ended = new Promise<void>((resolve) => {
      const end = (reason: string): void => {
        this.#isEnded = true;
        this.devtools.close(new ChromeEnded(reason));
        void rm(profile, { recursive: true, force: true, maxRetries: 5 }).then(resolve, () => resolve());
      };
      child.once('error', ({ message }) => end(message));
      child.once('close', (code, signal) => {
        const cause = signal === null ? `with code ${code ?? 0}` : `by ${signal}`;
        end(`The browser ended ${cause}. ${this.#lastLine()}`.trim());
      });
    });
  }

  /**
   * Starts a browser. Rejects with `ChromeEnded` if it does not start.
   * @param signal ends the start: the browser is ended, and the call rejects
   */
  static async start(executable: string, signal: AbortSignal): Promise<Chrome> {
    // Chrome refuses to run as root with its own sandbox, so the sandbox is off for root.
    if (process.getuid?.() === 0) return Chrome.#try(executable, ['--no-sandbox'], signal);
    try {
      return await Chrome.#try(executable, [], signal);
    } catch (error) {
      // Some containers and kernels forbid the sandbox of Chrome to every user.
      if (!String(error).includes('No usable sandbox')) throw error;
      return Chrome.#try(executable, ['--no-sandbox'], signal);
    }
  }

  static async #try(executable: string, flags: readonly string[], signal: AbortSignal): Promise<Chrome> {
    const profile = await mkdtemp(path.join(os.tmpdir(), 'restante-chrome-'));
    const chrome = new Chrome(executable, profile, flags);
    const stop = (): void => chrome.kill();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await chrome.devtools.call('Browser.getVersion');
      signal.throwIfAborted();
      return chrome;
    } catch (error) {
      await chrome.close();
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Ends the process and the processes that it started, at once. */
  kill(): void {
    const { pid } = this.#child;
    if (this.#isEnded || pid === undefined) return;
    try {
      process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
    } catch {
      this.#child.kill('SIGKILL');
    }
  }

  close(): Promise<void> {
    this.kill();
    return this.ended;
  }

  #lastLine(): string {
    return (
      this.#said
        .split('\n')
        .map((line) => line.trim())
        .findLast((line) => line !== '')
        ?.slice(0, MAX_SAID) ?? ''
    );
  }
}
