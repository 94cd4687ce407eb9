/**
 * The adapter for WebKitGTK with WebKitWebDriver (W3C WebDriver) on a virtual display. Each tab is a session with a
 * browser of its own.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import {
  splitKeys,
  type Engine,
  type EngineBrowser,
  type FrameSelector,
  type Tab,
  type Viewport,
} from './engine.ts';

const DRIVER = 'WebKitWebDriver';
const DISPLAY = 'Xvfb';

/** The key of an element reference in JSON (WebDriver §12.2). */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
type ElementReference = Readonly<Record<typeof ELEMENT, string>>;

/** Code points of keys that produce no text (WebDriver §17.4.2). */
const KEYS: Readonly<Record<string, string>> = {
  Backspace: '\uE003',
  Tab: '\uE004',
  Enter: '\uE007',
  Shift: '\uE008',
  Control: '\uE009',
  Escape: '\uE00C',
  Space: ' ',
  ArrowLeft: '\uE012',
  ArrowUp: '\uE013',
  ArrowRight: '\uE014',
  ArrowDown: '\uE015',
  Delete: '\uE017',
};
const keyCode = (key: string): string => KEYS[key] ?? key;
const keyDown = (key: string) => ({ type: 'keyDown', value: keyCode(key) });
const keyUp = (key: string) => ({ type: 'keyUp', value: keyCode(key) });

interface Failure {
  readonly error: string;
  readonly message: string;
  readonly data?: { readonly text?: string };
}

/** A script that records uncaught errors from now on; WebDriver cannot read the console. */
const WATCH_ERRORS = `if (window.restanteErrors === undefined) {
  window.restanteErrors = [];
  addEventListener('error', ({ message }) => window.restanteErrors.push(message));
  addEventListener('unhandledrejection', ({ reason }) => window.restanteErrors.push(String(reason)));
}`;

/** Resolves with the number of a free port. */
async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts a virtual display; Xvfb selects a free display number and writes it to file descriptor 3. */
async function startDisplay(): Promise<{ readonly process: ChildProcess; readonly name: string }> {
  const process = spawn(DISPLAY, ['-displayfd', '3', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const [number] = (await once(createInterface({ input: process.stdio[3] as Readable }), 'line')) as [string];
  return { process, name: `:${number}` };
}

async function end(process: ChildProcess): Promise<void> {
  const ended = once(process, 'exit');
  if (process.exitCode === null && process.kill()) await ended;
}

class WebDriver implements Tab {
  readonly #session: string;
  readonly #errors: string[] = [];
  readonly #dialogs: string[] = [];

  constructor(session: string) {
    this.#session = session;
  }

  async #call<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T> {
    const response = await fetch(this.#session + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { value } = (await response.json()) as { value: T | Failure };
    if (response.ok) return value as T;
    const { error, message, data } = value as Failure;
    if (error !== 'unexpected alert open') throw new Error(`${path}: ${error}: ${message}`);
    // The driver has dismissed a dialog instead of running the command.
    this.#dialogs.push(data?.text ?? message);
    return this.#call(method, path, body);
  }

  #execute<T>(script: string): Promise<T> {
    return this.#call('POST', '/execute/sync', { script, args: [] });
  }

  /** Runs an action in a frame, and switches back to the page afterwards. */
  async #within<T>(frame: FrameSelector, act: () => Promise<T>): Promise<T> {
    if (frame === null) return act();
    const id = await this.#call<ElementReference>('POST', '/element', {
      using: 'css selector',
      value: frame,
    });
    await this.#call('POST', '/frame', { id });
    try {
      return await act();
    } finally {
      await this.#call('POST', '/frame', { id: null });
    }
  }

  async #act(...sources: readonly unknown[]): Promise<void> {
    await this.#call('POST', '/actions', { actions: sources });
  }

  /** Resizes the window so that the visible page has the requested size. */
  async resize({ width, height }: Viewport): Promise<void> {
    await this.#call('POST', '/window/rect', { x: 0, y: 0, width, height });
    const [innerWidth, innerHeight] = await this.#execute<[number, number]>(
      'return [innerWidth, innerHeight]',
    );
    const larger = { width: 2 * width - innerWidth, height: 2 * height - innerHeight };
    await this.#call('POST', '/window/rect', { x: 0, y: 0, ...larger });
  }

  async goto(url: string): Promise<void> {
    await this.errors();
    await this.#call('POST', '/url', { url });
    await this.#execute(WATCH_ERRORS);
  }

  async reload(): Promise<void> {
    await this.errors();
    await this.#call('POST', '/refresh', {});
    await this.#execute(WATCH_ERRORS);
  }

  url(): Promise<string> {
    return this.#call('GET', '/url');
  }

  evaluate<T>(frame: FrameSelector, expression: string): Promise<T> {
    return this.#within(frame, () => this.#execute<T>(`return (${expression})`));
  }

  async click(frame: FrameSelector, expression: string, modifiers: readonly string[]): Promise<void> {
    await this.#within(frame, async () => {
      const origin = await this.#execute<ElementReference>(`return (${expression})`);
      if (modifiers.length === 0) {
        await this.#call('POST', `/element/${origin[ELEMENT]}/click`, {});
        return;
      }
      // The actions of one tick run at the same time: a pause fills the tick of the other input source.
      const wait = { type: 'pause' };
      await this.#act(
        {
          type: 'key',
          id: 'keys',
          actions: [...modifiers.map(keyDown), wait, wait, wait, ...modifiers.map(keyUp)],
        },
        {
          type: 'pointer',
          id: 'mouse',
          actions: [
            ...modifiers.map(() => wait),
            { type: 'pointerMove', origin, x: 0, y: 0 },
            { type: 'pointerDown', button: 0 },
            { type: 'pointerUp', button: 0 },
          ],
        },
      );
    });
  }

  async press(keys: string): Promise<void> {
    const { modifiers, key } = splitKeys(keys);
    const ups = [key, ...[...modifiers].reverse()].map(keyUp);
    await this.#act({ type: 'key', id: 'keys', actions: [...modifiers.map(keyDown), keyDown(key), ...ups] });
  }

  async type(text: string): Promise<void> {
    await this.#act({
      type: 'key',
      id: 'keys',
      actions: Array.from(text).flatMap((key) => [keyDown(key), keyUp(key)]),
    });
  }

  async screenshot(): Promise<Buffer> {
    return Buffer.from(await this.#call<string>('GET', '/screenshot'), 'base64');
  }

  async tabs(): Promise<number> {
    return (await this.#call<readonly string[]>('GET', '/window/handles')).length;
  }

  async errors(): Promise<readonly string[]> {
    this.#errors.push(...(await this.#execute<string[]>('return (window.restanteErrors ?? []).splice(0)')));
    return this.#errors;
  }

  async dialogs(): Promise<readonly string[]> {
    // If a dialog is open, the response to any command reports it.
    await this.#call('GET', '/title');
    return this.#dialogs;
  }

  async close(): Promise<void> {
    await this.#call('DELETE', '');
  }
}

/** Creates a session as soon as the driver accepts connections. */
async function newSession(driver: string): Promise<WebDriver> {
  for (;;) {
    const response = await fetch(`${driver}/session`, {
      method: 'POST',
      body: JSON.stringify({ capabilities: {} }),
    }).catch(() => null);
    if (response?.ok === true) {
      const { value } = (await response.json()) as { value: { sessionId: string } };
      return new WebDriver(`${driver}/session/${value.sessionId}`);
    }
    if (response !== null) throw new Error(`${DRIVER}: ${await response.text()}`);
    await pause(50);
  }
}

export const webkit: Engine = {
  programs: [DRIVER, DISPLAY],
  async launch(): Promise<EngineBrowser> {
    const display = await startDisplay();
    const port = await freePort();
    const driver = spawn(DRIVER, [`--port=${port}`], {
      env: { ...process.env, DISPLAY: display.name },
      stdio: 'ignore',
    });
    return {
      async open(viewport) {
        const tab = await newSession(`http://127.0.0.1:${port}`);
        await tab.resize(viewport);
        return tab;
      },
      async close() {
        await end(driver);
        await end(display.process);
      },
    };
  },
};
