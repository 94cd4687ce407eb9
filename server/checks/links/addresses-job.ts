/**
 * The job of a worker thread that collects the web URLs of a message. It runs in a thread because it parses
 * untrusted HTML.
 */
import type { FindingPlace } from '../../message/finding.ts';
import type { Job } from '../../thread/job.ts';
import { addressesOf } from '../addresses.ts';
import { CheckedMessage } from '../checked-message.ts';

/** A web URL of a message, with the place where it occurs first. */
export interface LinkAddress {
  /** The URL as it is written in the message. */
  readonly href: string;
  /** The URL to request, without fragment and credentials. */
  readonly url: string;
  /**
   * The use of the URL: `link` for a URL that the reader can follow, `resource` for a URL that the mail client
   * loads.
   */
  readonly use: 'link' | 'resource';
  /** The visible text of a link, possibly truncated; empty for a URL that the mail client loads. */
  readonly text: string;
  /** The name of the HTML element that contains the URL; `null` for a URL in a text body. */
  readonly element: string | null;
  readonly place: FindingPlace;
}

interface LinkAddresses {
  /** The different URLs of the message, in the order in which they occur. */
  readonly addresses: readonly LinkAddress[];
  /** The number of different URLs in the message, at most `MAX_COUNTED`. */
  readonly total: number;
}

export interface AddressesInput {
  readonly raw: Uint8Array;
  /** The maximum number of URLs to return; further URLs are counted, but not returned. */
  readonly limit: number;
}

/** The maximum number of different URLs that are counted. */
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
    // The check never sends credentials from a URL in a message, because they are meant for the readers of
    // the message.
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
