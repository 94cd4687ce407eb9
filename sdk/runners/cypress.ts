/**
 * The part of the Cypress integration that runs in the browser: import it in the support file. Every command
 * calls one task of `restante/cypress/plugin`. A task ends when the message is captured, so the commands do
 * not retry.
 */
import type { Criteria } from '../criteria.ts';
import type { CodeChoice, LinkChoice } from '../picks.ts';
import type { InboxWishes } from '../sandbox.ts';
import { encode, type CypressInbox, type CypressMessage, type TaskRequest } from './cypress-wire.ts';

export type { CypressInbox, CypressMessage } from './cypress-wire.ts';

type Options = NonNullable<TaskRequest['options']>;
type Wanted = string | RegExp | Omit<Criteria, 'where'>;
type To = Pick<CypressInbox, 'address'> | string;

interface MailCommands {
  /** Creates an inbox with a new address. */
  createInbox(wishes?: InboxWishes): CypressInbox;
  deleteInbox(inbox: To): null;
  /**
   * Waits for the oldest matching message that no wait has returned yet. On timeout, the error lists the
   * messages that arrived instead.
   */
  waitForMail(inbox: To, wanted?: Wanted, options?: Options): CypressMessage;
  waitForNoMail(inbox: To, wanted?: Wanted, options?: Options): null;
  /** Waits for a message that contains a code, and yields the code. */
  waitForMailCode(inbox: To, choice?: CodeChoice, options?: Options): string;
  /** Waits for a message that contains a matching link, and yields the URL of the link. */
  waitForMailLink(inbox: To, choice?: LinkChoice, options?: Options): string;
}

type Chained = {
  [Name in keyof MailCommands]: (
    ...args: Parameters<MailCommands[Name]>
  ) => Cypress.Chainable<ReturnType<MailCommands[Name]>>;
};

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- the commands of Cypress are declared in this namespace
  namespace Cypress {
    // eslint-disable-next-line @typescript-eslint/no-explicit-any, @typescript-eslint/no-unused-vars, @typescript-eslint/no-empty-object-type -- the declaration must equal the declaration of Cypress
    interface Chainable<Subject = any> extends Chained {}
  }
}

/** The part of Cypress' globals that the commands use. */
export interface CypressGlobals {
  readonly Cypress: { readonly Commands: { add(name: string, run: (...args: never[]) => unknown): void } };
  readonly cy: {
    task(name: string, request: TaskRequest, options: { readonly timeout: number }): unknown;
  };
}

/**
 * The timeout of a Cypress task minus the timeout of the wait in the task, in milliseconds. The difference
 * ensures that the error of the wait is reported.
 */
const MARGIN = 5_000;
const DEFAULT_TIMEOUT = 10_000;

const addressOf = (inbox: To): string => (typeof inbox === 'string' ? inbox : inbox.address);

export function registerCommands({ Cypress: { Commands }, cy }: CypressGlobals): void {
  const task = (name: string, request: TaskRequest): unknown => {
    const timeout = (request.options?.timeout ?? DEFAULT_TIMEOUT) + MARGIN;
    return cy.task(`restante:${name}`, request, { timeout });
  };
  const waits = (name: string) => (inbox: To, wanted?: unknown, options?: Options) =>
    task(name, {
      address: addressOf(inbox),
      ...(wanted !== undefined && { wanted: encode(wanted) }),
      options: { timeout: DEFAULT_TIMEOUT, ...options },
    });
  Commands.add('createInbox', (wishes?: InboxWishes) => task('createInbox', { wishes: wishes ?? {} }));
  Commands.add('deleteInbox', (inbox: To) => task('deleteInbox', { address: addressOf(inbox) }));
  Commands.add('waitForMail', waits('waitFor'));
  Commands.add('waitForNoMail', waits('waitForNone'));
  Commands.add('waitForMailCode', waits('waitForCode'));
  Commands.add('waitForMailLink', waits('waitForLink'));
}

/** The part of the globals of Cypress and its Mocha that the hooks use. */
interface HookGlobals {
  readonly Cypress: {
    readonly currentTest: { readonly titlePath: readonly string[] };
    readonly spec: { readonly relative: string };
  };
  readonly cy: {
    task(
      name: string,
      request: TaskRequest,
      options: { readonly log: boolean; readonly timeout: number },
    ): unknown;
  };
  readonly beforeEach: (run: () => void) => void;
  readonly afterEach: (run: (this: HookContext) => void) => void;
}

interface HookContext {
  readonly currentTest?: { readonly state?: string };
}

/** The time in which the mail of a failed test must be saved, with pictures, in milliseconds. */
const END = 120_000;

/** Registers the hooks that save the mail of a failed test. */
function registerHooks({ Cypress, cy, beforeEach, afterEach }: HookGlobals): void {
  const options = { log: false, timeout: END };
  beforeEach(() => {
    const { currentTest, spec } = Cypress;
    const test = { name: currentTest.titlePath.join(' '), file: spec.relative };
    cy.task('restante:beginTest', { test }, options);
  });
  afterEach(function () {
    cy.task('restante:endTest', { isFailed: this.currentTest?.state === 'failed' }, options);
  });
}

const globals = globalThis as Partial<CypressGlobals & HookGlobals>;
if (globals.Cypress !== undefined && globals.cy !== undefined) {
  registerCommands(globals as CypressGlobals);
  if (globals.beforeEach !== undefined) registerHooks(globals as HookGlobals);
}
