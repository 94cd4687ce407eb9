/** The description of a route in the OpenAPI document, as the routes declare it in their schema. */
import type { ProblemCode } from '../../../contract/problems.ts';

/** The groups of operations (tags) in the OpenAPI document; generated clients have a class or a file for each group. */
export const tags = {
  Messages: 'Captured messages: list, read, wait, mark, delete, and new messages.',
  Checks: 'The results of the checks of a message.',
  Accounts: 'Accounts, and their passwords for SMTP, IMAP and POP3.',
  Rules: 'Rules for the SMTP dialogue, and the webhooks that rules sent.',
  Relay: 'Releases of messages to the relay, and its deliveries.',
  Server: 'Information about the server, its connections and its events.',
} as const;

type Tag = keyof typeof tags;

declare module 'fastify' {
  interface FastifySchema {
    /** Whether the route is absent from the document. */
    readonly hide?: boolean;
    /** The name of the operation in generated clients. */
    readonly operationId?: string;
    readonly tag?: Tag;
    readonly summary?: string;
    /** The problems that this operation can report, in addition to those that every operation can report. */
    readonly problems?: readonly ProblemCode[];
  }
}
