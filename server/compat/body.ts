/** Reads the bodies of requests, and the members of JSON objects in them. */
import type { FastifyRequest } from 'fastify';
import { CallError } from './answer.ts';
import type { CompatDeps } from './call.ts';

/** The maximum size of the JSON body of most calls in octets, as in Mailpit. */
const MAX_BODY = 5 * 1024 * 1024;

/** Reads the body of a request. Throws if the body is larger than `limit` octets. */
export async function readBody(request: FastifyRequest, limit = MAX_BODY, status = 400): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.raw as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit) throw new CallError('http: request body too large', status);
  }
  return Buffer.concat(chunks);
}

/**
 * Reads the JSON body of a request that describes a message, and passes the body to `use`. The octets of the body are
 * counted towards the limit of message octets in memory until `use` has ended. Throws `NoRoom` if there is no room.
 */
export async function withMessageBody<T>(
  { inFlight, maxMessageSize }: Pick<CompatDeps, 'inFlight' | 'maxMessageSize'>,
  request: FastifyRequest,
  use: (body: Buffer) => Promise<T>,
): Promise<T> {
  // The body may be larger than the message, because JSON escapes characters and encodes every attachment in
  // Base64.
  const held = inFlight.hold(2 * maxMessageSize, { inMemory: true });
  try {
    for await (const chunk of request.raw as AsyncIterable<Buffer>) {
      await held.add(chunk);
      if (held.oversized) throw new CallError('http: request body too large', 413);
    }
    return await use(await held.take());
  } finally {
    await held.release();
  }
}

/** An object of a JSON body, with the names of its members in lower case: Go's JSON parser ignores their case. */
export type Members = Readonly<Record<string, unknown>>;

/** Returns the members of a JSON object, with their names in lower case; throws for any other value. */
export function membersOf(value: unknown, what: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new CallError(`${what} must be a JSON object`);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name.toLowerCase(), member]));
}

/** Parses a JSON body. Throws if the body is not valid JSON or not an object. */
export function parseMembers(body: Buffer): Members {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new CallError(`The body is not valid JSON: ${(error as Error).message}`);
  }
  return membersOf(value, 'The body');
}

/** Throws if an object has a member that the call does not know. */
export function refuseOthers(members: Members, known: readonly string[]): void {
  const names = known.map((name) => name.toLowerCase());
  const unknown = Object.keys(members).filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new CallError(`Unknown member ${unknown.join(', ')} in the body; known: ${known.join(', ')}`);
}

/** Returns a member that is a list of texts; an empty list if the member is absent or null. */
export function textsIn(members: Members, name: string): readonly string[] {
  const value = members[name.toLowerCase()] ?? [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
    throw new CallError(`${name} must be an array of strings`);
  return value;
}

/** Returns a member that is a text; an empty text if the member is absent or null. */
export function textIn(members: Members, name: string): string {
  const value = members[name.toLowerCase()] ?? '';
  if (typeof value !== 'string') throw new CallError(`${name} must be a string`);
  return value;
}
