/** The services and settings that the MCP server receives when the server starts. */
import type { Logger } from 'pino';
import type { Endpoint } from '../../contract/index.ts';
import type { Capture } from '../capture/capture.ts';
import type { Checks } from '../checks/index.ts';
import type { Application } from '../relay/application.ts';
import type { Pictures } from '../service/picture/index.ts';
import type { MessageReading } from '../service/reading/index.ts';
import type { Waits } from '../service/wait/index.ts';
import type { Store } from '../store/store.ts';

export interface McpDeps {
  readonly store: Store;
  readonly capture: Capture;
  readonly checks: Checks;
  readonly reading: MessageReading;
  readonly pictures: Pictures;
  readonly waits: Waits;
  readonly logger: Logger;
  readonly version: string;
  /** Whether tools that change anything are left out. */
  readonly readOnly: boolean;
  /** Returns the current time in milliseconds since the epoch. */
  readonly clock: () => number;
  /** Returns a random number of at least 0 and less than 1. */
  readonly random: () => number;
  /** The application under test, to which mail can be sent; `null` if none is configured. */
  readonly application: Application | null;
  readonly maxMessageSize: number;
  /** Returns the addresses of the listeners. */
  endpoints(): readonly Endpoint[];
}
