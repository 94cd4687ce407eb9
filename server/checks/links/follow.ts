/**
 * Requests a URL and follows its redirects. The method is HEAD, or GET if the server does not support HEAD.
 */
import { PrivateAddressError, requestHead, type Head } from './request.ts';

/** The outcome of the requests for a URL, after all redirects were followed. */
type Ending =
  | { readonly kind: 'answered'; readonly head: Head }
  | { readonly kind: 'private' | 'certificate' | 'unreachable' | 'bad-redirect'; readonly reason: string }
  | { readonly kind: 'loop' | 'slow' | 'not-asked' };

/** One redirect that was followed. */
interface Hop {
  readonly status: number;
  readonly to: string;
}

export interface Journey {
  readonly hops: readonly Hop[];
  readonly ending: Ending;
  /** The total duration of all requests in milliseconds. */
  readonly took: number;
}

interface FollowOptions {
  readonly allowPrivate: boolean;
  /**
   * Whether a GET request to the URL may trigger an action, such as unsubscribing. Such a URL is requested with
   * HEAD only.
   */
  readonly acts: boolean;
  readonly signal: AbortSignal;
}

const MAX_HOPS = 10;
/** The time limit for one URL, in milliseconds: for the response to HEAD and, if needed, to GET together. */
const PATIENCE = 10_000;
/** The HTTP statuses of servers that do not support HEAD, or respond to HEAD differently from GET. */
const NO_HEAD = new Set([400, 403, 404, 405, 406, 500, 501, 503]);
const CERTIFICATE =
  /^(?:ERR_TLS_CERT|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)/;

function endingOf(error: unknown, slow: boolean): Ending {
  if (slow) return { kind: 'slow' };
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (error instanceof PrivateAddressError) return { kind: 'private', reason: message };
  if (CERTIFICATE.test(code)) return { kind: 'certificate', reason: message };
  return { kind: 'unreachable', reason: message || code };
}

async function ask(url: URL, { allowPrivate, acts, signal }: FollowOptions): Promise<Ending> {
  const patience = AbortSignal.timeout(PATIENCE);
  const either = AbortSignal.any([signal, patience]);
  try {
    const head = await requestHead(url, 'HEAD', allowPrivate, either);
    if (!NO_HEAD.has(head.status)) return { kind: 'answered', head };
    if (acts) return head.status === 404 ? { kind: 'answered', head } : { kind: 'not-asked' };
    return { kind: 'answered', head: await requestHead(url, 'GET', allowPrivate, either) };
  } catch (error) {
    return endingOf(error, either.aborted);
  }
}

/** Requests a URL and follows its redirects. Never rejects: errors are a part of the result. */
export async function follow(start: URL, options: FollowOptions): Promise<Journey> {
  const began = performance.now();
  const hops: Hop[] = [];
  const seen = new Set<string>();
  const end = (ending: Ending): Journey => ({ hops, ending, took: Math.round(performance.now() - began) });
  for (let url = start; ;) {
    if (seen.has(url.href) || hops.length > MAX_HOPS) return end({ kind: 'loop' });
    seen.add(url.href);
    const answer = await ask(url, options);
    if (answer.kind !== 'answered') return end(answer);
    const { status, location } = answer.head;
    if (status < 300 || status > 399 || location === null) return end(answer);
    if (!URL.canParse(location, url.href))
      return end({ kind: 'bad-redirect', reason: location.slice(0, 200) });
    url = new URL(location, url);
    hops.push({ status, to: url.href });
    if (!/^https?:$/.test(url.protocol)) return end({ kind: 'bad-redirect', reason: url.href.slice(0, 200) });
  }
}
