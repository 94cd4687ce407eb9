/** What an address's journey means for who wrote the address into a message. */
import type { Finding } from '../../message/finding.ts';
import type { LinkAddress } from './addresses-job.ts';
import type { Journey } from './follow.ts';
import { find } from './catalogue.ts';
import type { Head } from './request.ts';

/** Octets of an image that a reader on the way should not have to wait for. */
const HEAVY = 1_000_000;
/** Statuses by which servers keep programs out, whatever they say to readers. */
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
    yield find('not-an-image', place, { message: `${shown} is shown as an image, and is ${head.type}` });
  }
  if ((head.length ?? 0) > HEAVY) {
    const megabytes = ((head.length ?? 0) / 1_000_000).toFixed(1);
    yield find('heavy-image', place, { message: `The image ${shown} has ${megabytes} MB` });
  }
}

export function* journeyFindings(address: LinkAddress, { hops, ending }: Journey): Generator<Finding> {
  const shown = shorten(address.href);
  const path = [address.href, ...hops.map(({ to }) => to)];
  const last = shorten(path.at(-1) ?? '');
  const by = hops.length === 0 ? '' : ` (by way of ${hops.length} redirects, ${last})`;
  const unsafe = path.findIndex(
    (url, at) => at > 0 && /^http:/i.test(url) && /^https:/i.test(path[at - 1] ?? ''),
  );
  if (unsafe > 0) {
    yield find('redirect-without-tls', address.place, {
      message: `${shown} leads on to ${shorten(path[unsafe] ?? '')}, without TLS`,
    });
  }
  const [first] = hops;
  if (first !== undefined && (first.status === 301 || first.status === 308)) {
    yield find('moved-link', address.place, { message: `${shown} has moved to ${shorten(first.to)}` });
  }
  switch (ending.kind) {
    case 'answered':
      yield* answeredFindings(address, ending.head);
      return;
    case 'private':
      yield find('private-address', address.place, {
        message: `${shown} was not asked: ${ending.reason}, in a private network${by}`,
      });
      return;
    case 'certificate':
      yield find('bad-certificate', address.place, {
        message: `The certificate of ${shown} is not to be trusted: ${ending.reason}${by}`,
      });
      return;
    case 'unreachable':
      yield find('unreachable', address.place, {
        message: `Nobody answers at ${shown}: ${ending.reason}${by}`,
      });
      return;
    case 'bad-redirect':
      yield find('bad-redirect', address.place, { message: `${shown} leads to “${ending.reason}”` });
      return;
    case 'loop':
      yield find('redirect-loop', address.place, {
        message: `${shown} leads from redirect to redirect without end`,
      });
      return;
    case 'slow':
      yield find('slow-link', address.place, { message: `${shown} did not answer in time${by}` });
      return;
    case 'not-asked':
      yield find('not-asked', address.place, {
        message: `${shown} does not take HEAD, and was not opened`,
      });
  }
}
