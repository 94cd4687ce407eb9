/**
 * Sends mail to the application under test, as a mail server of the internet would do. The address of the
 * application is an option of the sandbox. An API call cannot choose another address, so it cannot make the
 * sandbox connect to arbitrary hosts.
 */
import { Turns } from '../net/turns.ts';
import {
  handOver,
  HandOverRefusal,
  type HandedOver,
  type HandOverEnvelope,
  type HandOverWorld,
} from './hand-over.ts';
import { LoopError } from './loop-guard.ts';
import { parseSmartHost } from './smart-host.ts';

/** The maximum number of messages that are sent to the application under test at the same time. */
const AT_ONCE = 8;
/** The maximum number of messages that wait to be sent to the application under test. */
const WAITING = 100;

export interface Application {
  /** The URL of the application under test, without the password. */
  readonly url: string;
  /**
   * Sends a message to the application under test. Rejects with an `ApplicationRefusal` if the application
   * refuses the message or cannot be reached.
   */
  hand(raw: Buffer, envelope: HandOverEnvelope): Promise<HandedOver>;
}

/** The error that is thrown if the application under test refused a message or could not be reached. */
export class ApplicationRefusal extends Error {
  override readonly name = 'ApplicationRefusal';
}

/**
 * Parses the URL of the application under test. Throws an `Error` for an invalid URL; the error never contains
 * a password.
 */
export function parseApplication(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^(?:smtps?|https?):$/.test(url.protocol) || url.hostname === '') {
    throw new Error('it must be a URL that begins with smtp://, smtps://, http:// or https://');
  }
  if (url.protocol.startsWith('smtp')) parseSmartHost(text);
  return url;
}

/**
 * Creates the object that sends mail to the application under test. Throws an `Error` for an invalid URL; the
 * error never contains a password.
 */
export function openApplication(text: string, world: HandOverWorld): Application {
  const url = parseApplication(text);
  const shown = new URL(url);
  shown.password = '';
  shown.username = '';
  const turns = new Turns({ atOnce: AT_ONCE, waiting: WAITING, what: 'messages for the application' });
  return {
    url: shown.href,
    async hand(raw, envelope) {
      try {
        return await turns.run(() => handOver(url, raw, envelope, null, world));
      } catch (error) {
        if (!(error instanceof HandOverRefusal) && !(error instanceof LoopError)) throw error;
        throw new ApplicationRefusal(error.message, { cause: error });
      }
    },
  };
}
