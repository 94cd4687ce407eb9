/** The ways to unsubscribe that a message's header names: List-Unsubscribe (RFC 2369) and its one-click form (RFC 8058). */
import { NotInMessageError } from './errors.ts';
import type { MailHeaders } from './headers.ts';

export interface Unsubscribe {
  /** The first web address; `null` when there is none. */
  readonly http: string | null;
  /** The first mailto address; `null` when there is none. */
  readonly mailto: string | null;
  /** Whether the message asks mail programs to POST to `http` without a visit (List-Unsubscribe-Post). */
  readonly oneClick: boolean;
  /** Sends the POST of a mail program with one-click unsubscription. Throws `NotInMessageError` unless `oneClick`. */
  post(): Promise<Response>;
}

/** The body that List-Unsubscribe-Post names; RFC 8058 §3.1 permits no other. */
const ONE_CLICK = 'List-Unsubscribe=One-Click';

export function unsubscribeOf(headers: MailHeaders): Unsubscribe {
  const field = headers.get('List-Unsubscribe') ?? '';
  const addresses = Array.from(field.matchAll(/<([^<>]*)>/g), ([, address = '']) =>
    address.replaceAll(/\s/g, ''),
  );
  const first = (scheme: RegExp): string | null => addresses.find((address) => scheme.test(address)) ?? null;
  const http = first(/^https?:/i);
  const wish = headers.get('List-Unsubscribe-Post')?.trim().toLowerCase();
  const oneClick = http !== null && wish === ONE_CLICK.toLowerCase();
  return {
    http,
    mailto: first(/^mailto:/i),
    oneClick,
    async post() {
      if (!oneClick) throw new NotInMessageError('one-click unsubscription', addresses);
      return fetch(http, {
        method: 'POST',
        body: ONE_CLICK,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        // A mail program sends no cookies and follows no redirect (RFC 8058 §3.2).
        credentials: 'omit',
        redirect: 'manual',
      });
    },
  };
}
