/**
 * For Cypress, the part in the browser: import it in the support file. Every command is one task of
 * `restante/cypress/plugin`. The server responds at the moment of capture, so the commands do not retry.
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
  /** An address of the test's own. */
  createInbox(wishes?: InboxWishes): CypressInbox;
  deleteInbox(inbox: To): null;
  /** The oldest match that was not returned yet. The error lists the messages that arrived instead. */
  waitForMail(inbox: To, wanted?: Wanted, options?: Options): CypressMessage;
  waitForNoMail(inbox: To, wanted?: Wanted, options?: Options): null;
  /** The code of the oldest message that has one. */
  waitForMailCode(inbox: To, choice?: CodeChoice, options?: Options): string;
  /** The address of the link that fits. */
  waitForMailLink(inbox: To, choice?: LinkChoice, options?: Options): string;
}

type Chained = {
  [Name in keyof MailCommands]: (
    ...args: Parameters<MailCommands[Name]>
  ) => Cypress.Chainable<ReturnType<MailCommands[Name]>>;
};

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- as Cypress declares it
  namespace Cypress {
    // eslint-disable-next-line @typescript-eslint/no-explicit-any, @typescript-eslint/no-unused-vars, @typescript-eslint/no-empty-object-type -- as Cypress declares it
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

/** Milliseconds that a task may take beyond its wait, so that the wait's own error is reported. */
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

const globals = globalThis as Partial<CypressGlobals>;
if (globals.Cypress !== undefined && globals.cy !== undefined) registerCommands(globals as CypressGlobals);
