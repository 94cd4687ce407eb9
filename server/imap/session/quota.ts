/** The QUOTA response (RFC 9208 §4.2): usage and retention limits of the store. */
import { list, string } from '../wire/encoder.ts';
import type { Session } from './session.ts';

/** Name of the only quota root, which all accounts share because they share one store. */
export const QUOTA_ROOT = '';

/** Unit of the resource STORAGE in octets. */
const UNIT = 1024;

export async function quotaResponse(session: Session): Promise<string> {
  const { messages, octets } = session.deps.quota;
  const facts = await session.store.facts();
  const resources = [
    ...(octets === null ? [] : [`STORAGE ${Math.ceil(facts.bytes / UNIT)} ${Math.floor(octets / UNIT)}`]),
    ...(messages === null ? [] : [`MESSAGE ${facts.messages} ${messages}`]),
  ];
  return `* QUOTA ${string(QUOTA_ROOT)} ${list(resources)}`;
}
