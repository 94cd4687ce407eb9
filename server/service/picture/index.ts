/**
 * Takes pictures of messages with the browser of the server's machine, as a mail client with that browser's engine
 * would show them. The browser is a separate process: it is started for the first picture, ends after a pause, when a
 * page takes too long, and with the server.
 */
import type { MessageId } from '../../store/ids.ts';
import { Turns } from '../../net/turns.ts';
import { notFound, ProblemError } from '../../../contract/problems.ts';
import type { ViewReport } from '../client-view/job.ts';
import { partSources, previewPolicy } from '../preview/index.ts';
import type { MessageReading } from '../reading/index.ts';
import { partJob, previewJob } from '../reading/jobs.ts';
import { Chrome, ChromeEnded } from './chrome.ts';
import { findChrome, isExecutable } from './find-chrome.ts';
import {
  PARTS_PATH,
  PICTURE_HOST,
  PageFailed,
  takePicture,
  type Picture,
  type PictureSource,
  type PictureWishes,
} from './page.ts';

export type { Picture } from './page.ts';

/** The default width of the window, and its limits, in CSS pixels. */
export const DEFAULT_WIDTH = 800;
export const MIN_WIDTH = 200;
export const MAX_WIDTH = 2_000;
/** The default limits of a picture: the height in CSS pixels, and the size in octets. */
const MAX_HEIGHT = 8_000;
const MAX_OCTETS = 10_000_000;
/** The time limit of one picture, with the start of the browser, in milliseconds. */
const DEADLINE = 60_000;
/** The time after the last picture after which the browser ends, in milliseconds. */
const IDLE = 15_000;

interface PicturesOptions {
  readonly reading: MessageReading;
  /** The option `--chrome`: the path of a browser, `auto` to find one, or `off`. */
  readonly chrome: string;
  /** The time limit of one picture in milliseconds. */
  readonly deadline?: number;
}

/** The options for the picture of a message. */
export interface MessagePictureWishes extends Partial<PictureWishes> {
  /**
   * The name of the mail client whose view is shown, as `family.platform`; absent for the message as sent.
   */
  readonly client?: string;
}

/** A picture of a message. */
export interface MessagePicture extends Picture {
  /** What the view of the mail client changes; `null` for the message as sent. */
  readonly view: ViewReport | null;
}

interface MessageToShow {
  readonly id: MessageId;
  /** The size of the message in octets. */
  readonly size: number;
}

/** The number of times that a picture is begun if the browser ends for a reason outside of this picture. */
const ATTEMPTS = 3;

export class Pictures {
  readonly #options: PicturesOptions;
  readonly #turns = new Turns({ atOnce: 2, waiting: 20, what: 'pictures' });
  readonly #closing = new AbortController();
  /** The browser that takes the next picture, or a promise while that browser is starting. */
  #current: Promise<Chrome> | null = null;
  /** The browsers whose processes have not ended. */
  readonly #alive = new Set<Chrome>();
  #running = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(options: PicturesOptions) {
    this.#options = options;
  }

  /**
   * Takes a picture of the HTML of a message. The page loads the parts of the message, and nothing from the network.
   * Throws a `ProblemError` for a message without HTML, if there is no browser, and if the page takes too much time
   * or memory; `TooManyWaiting` while too many pictures are being taken.
   * @param signal ends the work when the client does not wait for the picture any more
   */
  async take(
    message: MessageToShow,
    { client, ...wishes }: MessagePictureWishes = {},
    signal?: AbortSignal,
  ): Promise<MessagePicture> {
    this.#executable();
    const { id } = message;
    const { reading } = this.#options;
    const shown = await this.#document(message, client);
    if (shown === null) throw notFound(`Message ${id} has no HTML part`);
    const source: PictureSource = {
      html: shown.html,
      policy: previewPolicy(partSources([PICTURE_HOST], PARTS_PATH), { remote: false, measured: false }),
      async part(path) {
        const part = await reading.read(partJob, message, { part: path, utf8: false }, path);
        return part === null ? null : { type: `${part.type}/${part.subtype}`, bytes: part.bytes };
      },
    };
    return { ...(await this.takeOf(source, `message ${id}`, wishes, signal)), view: shown.view };
  }

  /** Returns the document of which the picture is taken; `null` for a message without HTML. */
  async #document(
    message: MessageToShow,
    client: string | undefined,
  ): Promise<{ readonly html: Uint8Array; readonly view: ViewReport | null } | null> {
    const { reading } = this.#options;
    const input = {
      id: message.id,
      frameKey: new Uint8Array(32),
      folder: '',
      remoteBut: null,
      positions: false,
    };
    if (client === undefined) {
      const html = await reading.read(previewJob, message, input, 'picture');
      return html === null ? null : { html, view: null };
    }
    const { viewJob } = await import('../client-view/job.ts');
    const view = await reading.read(viewJob, message, { ...input, client }, client);
    if (view === null) return null;
    return { html: view.html, view: JSON.parse(new TextDecoder().decode(view.report)) as ViewReport };
  }

  /**
   * Takes a picture of a document.
   * @param name the name of the document for the text of an error
   */
  takeOf(
    source: PictureSource,
    name: string,
    {
      width = DEFAULT_WIDTH,
      dark = false,
      maxHeight = MAX_HEIGHT,
      maxOctets = MAX_OCTETS,
    }: Partial<PictureWishes> = {},
    signal?: AbortSignal,
  ): Promise<Picture> {
    const executable = this.#executable();
    return this.#turns.run(async () => {
      clearTimeout(this.#idle);
      this.#running++;
      try {
        const wishes = { width, dark, maxHeight, maxOctets };
        return await this.#inTime(executable, name, signal, (chrome) => takePicture(chrome, source, wishes));
      } finally {
        this.#running--;
        if (this.#running === 0) this.#idle = setTimeout(() => this.#retire(), IDLE).unref();
      }
    });
  }

  /** Ends the browser, and the pictures that are being taken. */
  async close(): Promise<void> {
    clearTimeout(this.#idle);
    this.#closing.abort();
    await this.#current?.catch(() => undefined);
    await Promise.all([...this.#alive].map((chrome) => chrome.close()));
  }

  #retire(): void {
    this.#current?.then(
      (chrome) => chrome.kill(),
      () => undefined,
    );
    this.#current = null;
  }

  /** Returns the path of the browser. Throws a `ProblemError` that states what to install or to configure. */
  #executable(): string {
    const { chrome } = this.#options;
    if (chrome === 'off') {
      throw new ProblemError('no-browser', 'The server was started with --chrome off');
    }
    if (chrome !== 'auto') {
      if (isExecutable(chrome)) return chrome;
      throw new ProblemError('no-browser', `--chrome ${chrome} is not a program that can be run`);
    }
    const found = findChrome(process.platform, process.env);
    if (found !== null) return found;
    throw new ProblemError(
      'no-browser',
      'Chrome, Chromium or Edge is not installed on the machine of the server: install one, for example with ' +
        '"apt-get install chromium", or start Restante with --chrome PATH',
    );
  }

  /** Runs `work` with the browser until the deadline; repeats it if the browser ended because of other work. */
  async #inTime(
    executable: string,
    name: string,
    client: AbortSignal | undefined,
    work: (chrome: Chrome) => Promise<Picture>,
  ): Promise<Picture> {
    const { deadline = DEADLINE } = this.#options;
    const late = AbortSignal.timeout(deadline);
    const signals = [late, this.#closing.signal, ...(client === undefined ? [] : [client])];
    const signal = AbortSignal.any(signals);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#once(executable, signal, work);
      } catch (error) {
        if (late.aborted) {
          throw new ProblemError(
            'unreadable',
            `The picture of ${name} took more than ${deadline / 1000} seconds`,
          );
        }
        if (this.#closing.signal.aborted) throw new ProblemError('closing', 'The picture was not finished');
        if (signal.aborted) throw signal.reason;
        if (error instanceof PageFailed) {
          throw new ProblemError('unreadable', `The picture of ${name} cannot be taken: ${error.message}`);
        }
        if (!(error instanceof ChromeEnded)) throw error;
        if (attempt === ATTEMPTS) {
          throw new ProblemError('no-browser', `The browser ${executable} does not run: ${error.message}`);
        }
      }
    }
  }

  async #once<T>(executable: string, signal: AbortSignal, work: (chrome: Chrome) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const current = (this.#current ??= this.#start(executable, signal));
    let stop = (): void => undefined;
    try {
      const chrome = await current;
      // A document can keep its page busy even without scripts. A busy page does not react to any command, so its
      // browser is ended.
      stop = () => chrome.kill();
      signal.addEventListener('abort', stop, { once: true });
      signal.throwIfAborted();
      return await work(chrome);
    } catch (error) {
      if ((signal.aborted || error instanceof ChromeEnded) && this.#current === current) this.#current = null;
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  async #start(executable: string, signal: AbortSignal): Promise<Chrome> {
    const chrome = await Chrome.start(executable, signal);
    this.#alive.add(chrome);
    void chrome.ended.then(() => this.#alive.delete(chrome));
    return chrome;
  }
}
