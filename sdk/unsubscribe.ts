/**
 * The ways to unsubscribe that a message's header names: List-Unsubscribe (RFC 2369) and its one-click form
 * (RFC 8058).
 */
import { NotInMessageError } from './errors.ts';
import type { MailHeaders } from './headers.ts';

export interface Unsubscribe {
  /** The first HTTP or HTTPS URL in List-Unsubscribe; `null` if the field contains none. */
  readonly http: string | null;
  /** The first `mailto:` URL in List-Unsubscribe; `null` if the field contains none. */
  readonly mailto: string | null;
  /**
   * Whether mail programs may unsubscribe by a POST request to the URL `http` without opening the page
   * (List-Unsubscribe-Post).
   */
  readonly oneClick: boolean;
  /**
   * Sends the POST request with which a mail program unsubscribes in one click. Throws `NotInMessageError` if the
   * message does not support one-click unsubscription.
   */
  post(): Promise<Response>;
}

/** The only body of the POST request that RFC 8058 §3.1 permits. */
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
        // Like the request of a mail program, this request sends no cookies and follows no redirect (RFC 8058
        // §3.2).
        credentials: 'omit',
        redirect: 'manual',
      });
    },
  };
}
