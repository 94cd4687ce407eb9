/** Finds the web addresses of a message, in a thread: HTML of strangers is parsed on the way. */
import type { FindingPlace } from '../../message/finding.ts';
import type { Job } from '../../thread/job.ts';
import { addressesOf } from '../addresses.ts';
import { CheckedMessage } from '../checked-message.ts';

/** A web address of a message where it first stands. */
export interface LinkAddress {
  /** As written. */
  readonly href: string;
  /** To request: without fragment and credentials. */
  readonly url: string;
  /** `link` is followed by a reader, `resource` fetched by the client. */
  readonly use: 'link' | 'resource';
  /** Text of a link, or its beginning. */
  readonly text: string;
  /** Name of the element; `null` in a text. */
  readonly element: string | null;
  readonly place: FindingPlace;
}

interface LinkAddresses {
  /** Each once, in the order of the message. */
  readonly addresses: readonly LinkAddress[];
  /** How many there are; of more than `MAX_COUNTED`, that many. */
  readonly total: number;
}

export interface AddressesInput {
  readonly raw: Uint8Array;
  /** Addresses that are wanted; the others are counted. */
  readonly limit: number;
}

/** Different addresses that are counted. */
const MAX_COUNTED = 10_000;
const NOBODY = { from: { address: '', parameters: {} }, to: [] };

function findAddresses({ raw, limit }: AddressesInput): LinkAddresses {
  const message = new CheckedMessage(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength), NOBODY);
  const seen = new Set<string>();
  const addresses: LinkAddress[] = [];
  for (const { href, url, use, text, element, place } of addressesOf(message)) {
    if (url === null || !/^https?:$/.test(url.protocol)) continue;
    const bare = new URL(url);
    bare.hash = '';
    // Never sent: credentials in a message are for its readers.
    bare.username = '';
    bare.password = '';
    if (seen.has(bare.href)) continue;
    seen.add(bare.href);
    if (addresses.length < limit) {
      addresses.push({ href, url: bare.href, use, text, element: element?.name ?? null, place: place() });
    }
    if (seen.size >= MAX_COUNTED) break;
  }
  return { addresses, total: seen.size };
}

export const job: Job<AddressesInput, LinkAddresses> = { name: 'link-addresses', run: findAddresses };
