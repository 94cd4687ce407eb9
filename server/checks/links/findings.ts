/** Converts the results of requested URLs to findings. */
import type { Finding } from '../../message/finding.ts';
import type { LinkAddress } from './addresses-job.ts';
import type { Journey } from './follow.ts';
import { find } from './catalogue.ts';
import type { Head } from './request.ts';

/** The size in octets above which an image loads slowly on a mobile connection. */
const HEAVY = 1_000_000;
/** The HTTP statuses with which servers often refuse programs but not browsers. */
const GUARDED = new Set([401, 403, 405, 406, 407, 429, 999]);
const shorten = (href: string): string => (href.length > 100 ? `${href.slice(0, 99)}…` : href);

function* answeredFindings({ href, element, place }: LinkAddress, head: Head): Generator<Finding> {
  const shown = shorten(href);
  if (head.status >= 400) {
    const rule = GUARDED.has(head.status) ? 'link-refused' : 'broken-link';
    yield find(rule, place, { message: `${shown} answers with status ${head.status}` });
    return;
  }
  if (element !== 'img') return;
  if (head.type !== null && !/^(?:image\/|application\/octet-stream$)/.test(head.type)) {
    yield find('not-an-image', place, {
      message: `${shown} is used as an image, but its type is ${head.type}`,
    });
  }
  if ((head.length ?? 0) > HEAVY) {
    const megabytes = ((head.length ?? 0) / 1_000_000).toFixed(1);
    yield find('heavy-image', place, { message: `The image ${shown} has ${megabytes} MB` });
  }
}

function* redirectFindings({ href, place }: LinkAddress, hops: Journey['hops']): Generator<Finding> {
  const shown = shorten(href);
  const path = [href, ...hops.map(({ to }) => to)];
  const unsafe = path.find((url, at) => /^http:/i.test(url) && /^https:/i.test(path[at - 1] ?? ''));
  if (unsafe !== undefined) {
    yield find('redirect-without-tls', place, {
      message: `${shown} redirects to ${shorten(unsafe)}, without TLS`,
    });
  }
  const [first] = hops;
  if (first !== undefined && (first.status === 301 || first.status === 308)) {
    yield find('moved-link', place, { message: `${shown} has moved to ${shorten(first.to)}` });
  }
}

type Failure = Exclude<Journey['ending'], { readonly kind: 'answered' }>;

/**
 * Returns the finding for a request that got no HTTP response. `by` is the end of the finding's text: it states
 * the number of followed redirects.
 */
function failureFinding({ href, place }: LinkAddress, failure: Failure, by: string): Finding {
  const shown = shorten(href);
  switch (failure.kind) {
    case 'private':
      return find('private-address', place, {
        message: `${shown} was not requested: ${failure.reason}, in a private network${by}`,
      });
    case 'certificate':
      return find('bad-certificate', place, {
        message: `The certificate of ${shown} is not trusted: ${failure.reason}${by}`,
      });
    case 'unreachable':
      return find('unreachable', place, { message: `${shown} cannot be reached: ${failure.reason}${by}` });
    case 'bad-redirect':
      return find('bad-redirect', place, {
        message: `${shown} redirects to the invalid target “${failure.reason}”`,
      });
    case 'loop':
      return find('redirect-loop', place, {
        message: `${shown} redirects in a loop`,
      });
    case 'slow':
      return find('slow-link', place, { message: `${shown} did not answer in time${by}` });
    case 'not-asked':
      return find('not-asked', place, {
        message: `${shown} does not support HEAD, and GET might trigger an action`,
      });
  }
}

export function* journeyFindings(address: LinkAddress, { hops, ending }: Journey): Generator<Finding> {
  yield* redirectFindings(address, hops);
  if (ending.kind === 'answered') {
    yield* answeredFindings(address, ending.head);
    return;
  }
  const last = shorten(hops.at(-1)?.to ?? address.href);
  const by = hops.length === 0 ? '' : ` (after ${hops.length} redirects, at ${last})`;
  yield failureFinding(address, ending, by);
}
