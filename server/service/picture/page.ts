/**
 * Takes the picture of one document in a browser. The page runs no scripts and reaches no network: the browser hands
 * each request to this process, which answers the requests for the document and its parts, and refuses all other
 * requests.
 */
import type { Chrome } from './chrome.ts';
import { ResultTooLarge } from './devtools.ts';

export interface PictureWishes {
  /** The width of the window in CSS pixels. */
  readonly width: number;
  /** Whether the page is shown to a reader who prefers dark colours (Media Queries 5, prefers-color-scheme). */
  readonly dark: boolean;
  /** The maximum height of the picture in CSS pixels; a longer document is cut. */
  readonly maxHeight: number;
  /** The maximum size of the picture in octets; a larger picture is taken with fewer pixels. */
  readonly maxOctets: number;
}

export interface Picture {
  readonly png: Buffer;
  /** The part of the document that the picture shows, in CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** The height of the whole document in CSS pixels. */
  readonly fullHeight: number;
  /** The number of pixels of the picture per CSS pixel. */
  readonly scale: number;
}

/** The resources that a page loads: the document, and the parts of the message. */
export interface PictureSource {
  readonly html: Uint8Array;
  /** The content security policy of the document. */
  readonly policy: string;
  /** Returns the type and the octets of a part of the message; `null` if the message does not have the part. */
  part(path: string): Promise<{ readonly type: string; readonly bytes: Uint8Array } | null>;
}

/** The host of the document's URL, which no DNS resolves (RFC 6761 §6.4). */
export const PICTURE_HOST = 'message.invalid';
/** The path below which the document finds the parts of the message. */
export const PARTS_PATH = '/parts/';
const DOCUMENT = `http://${PICTURE_HOST}/`;

/** The height of the window in CSS pixels, on which units such as `vh` depend. */
const WINDOW_HEIGHT = 800;
/** The maximum width of a picture in CSS pixels, for a document that is wider than the window. */
const MAX_WIDTH = 2_000;
const SCALES = [1, 0.5, 0.25] as const;

/** The error for a document of which the browser cannot take a picture. */
export class PageFailed extends Error {
  override readonly name = 'PageFailed';
}

type Params = Readonly<Record<string, unknown>>;

class Page {
  readonly #chrome: Chrome;
  readonly #session: string;
  readonly #source: PictureSource;

  constructor(chrome: Chrome, session: string, source: PictureSource) {
    this.#chrome = chrome;
    this.#session = session;
    this.#source = source;
  }

  async take({ width, dark, maxHeight, maxOctets }: PictureWishes): Promise<Picture> {
    await this.#call('Emulation.setScriptExecutionDisabled', { value: true });
    await this.#call('Emulation.setDeviceMetricsOverride', {
      width,
      height: WINDOW_HEIGHT,
      deviceScaleFactor: 1,
      mobile: false,
    });
    await this.#call('Emulation.setEmulatedMedia', {
      media: 'screen',
      features: [
        { name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' },
        { name: 'prefers-reduced-motion', value: 'reduce' },
      ],
    });
    await this.#load();
    const { cssContentSize } = await this.#call('Page.getLayoutMetrics');
    const content = cssContentSize as { readonly width: number; readonly height: number };
    const fullHeight = Math.max(1, Math.ceil(content.height));
    const clip = {
      x: 0,
      y: 0,
      width: Math.min(Math.max(width, Math.ceil(content.width)), Math.max(width, MAX_WIDTH)),
      height: Math.min(fullHeight, maxHeight),
    };
    for (const scale of SCALES) {
      const png = await this.#capture({ ...clip, scale });
      if (png !== null && png.length <= maxOctets) {
        return { png, width: clip.width, height: clip.height, fullHeight, scale };
      }
    }
    throw new PageFailed(`it has more than ${maxOctets} octets`);
  }

  /** Loads the document; resolves when the document and all its parts are loaded. */
  async #load(): Promise<void> {
    await this.#call('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
    await this.#call('Page.enable');
    let stop = (): void => undefined;
    const loaded = new Promise<void>((resolve, reject) => {
      stop = this.#chrome.devtools.listen(this.#session, {
        event: (method, params) => {
          if (method === 'Fetch.requestPaused') void this.#answer(params).catch(() => undefined);
          if (method === 'Page.loadEventFired') resolve();
          if (method === 'Inspector.targetCrashed') reject(new PageFailed('the page needs too much memory'));
        },
        closed: reject,
      });
    });
    try {
      // The promise of the load must have a handler while the navigation is awaited.
      await Promise.all([this.#call('Page.navigate', { url: DOCUMENT }), loaded]);
    } finally {
      stop();
    }
  }

  async #answer({ requestId, request }: Params): Promise<void> {
    const found = await this.#found(request as { readonly url: string; readonly method: string });
    if (found === null) {
      await this.#call('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' });
      return;
    }
    const { headers, bytes } = found;
    await this.#call('Fetch.fulfillRequest', {
      requestId,
      responseCode: 200,
      responseHeaders: Object.entries(headers).map(([name, value]) => ({ name, value })),
      body: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
    });
  }

  async #found({ url, method }: { readonly url: string; readonly method: string }) {
    if (method !== 'GET' || !URL.canParse(url)) return null;
    const { host, pathname } = new URL(url);
    if (host !== PICTURE_HOST) return null;
    const { html, policy } = this.#source;
    if (url === DOCUMENT) {
      const headers = {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': policy,
        'x-dns-prefetch-control': 'off',
      };
      return { headers, bytes: html };
    }
    if (!pathname.startsWith(PARTS_PATH)) return null;
    const part = await this.#source.part(pathname.slice(PARTS_PATH.length));
    if (part === null) return null;
    // The document has no origin, because it is sandboxed, so it loads fonts only with CORS.
    return {
      headers: { 'content-type': part.type, 'access-control-allow-origin': '*' },
      bytes: part.bytes,
    };
  }

  /** Returns the picture; `null` if it is too large for the connection to the browser. */
  async #capture(clip: Params): Promise<Buffer | null> {
    try {
      const { data } = await this.#call('Page.captureScreenshot', {
        format: 'png',
        captureBeyondViewport: true,
        clip,
      });
      return Buffer.from(String(data), 'base64');
    } catch (error) {
      if (error instanceof ResultTooLarge) return null;
      throw error;
    }
  }

  #call(method: string, params: Params = {}): Promise<Params> {
    return this.#chrome.devtools.call(method, params, this.#session);
  }
}

/**
 * Takes the picture of a document in a context of its own, which shares no cache and no storage with other contexts,
 * and which is disposed after the picture was taken.
 */
export async function takePicture(
  chrome: Chrome,
  source: PictureSource,
  wishes: PictureWishes,
): Promise<Picture> {
  const { devtools } = chrome;
  const { browserContextId } = await devtools.call('Target.createBrowserContext', { disposeOnDetach: true });
  try {
    await devtools.call('Browser.setDownloadBehavior', { behavior: 'deny', browserContextId });
    const { targetId } = await devtools.call('Target.createTarget', { url: 'about:blank', browserContextId });
    const { sessionId } = await devtools.call('Target.attachToTarget', { targetId, flatten: true });
    return await new Page(chrome, String(sessionId), source).take(wishes);
  } finally {
    await devtools.call('Target.disposeBrowserContext', { browserContextId }).catch(() => undefined);
  }
}
