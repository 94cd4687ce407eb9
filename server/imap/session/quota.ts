/** The QUOTA response (RFC 9208 §4.2): usage and retention limits of the store. */
import { list, string } from '../wire/encoder.ts';
import type { Session } from './session.ts';

/** The one root, shared by all accounts as they share one store. */
export const QUOTA_ROOT = '';

/** STORAGE is counted in units of 1024 octets. */
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
