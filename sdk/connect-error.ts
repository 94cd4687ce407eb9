/** Explains why a connection to a sandbox failed, with a remedy. */
import { isProblemType } from '../contract/problems.ts';
import { RestanteError } from './errors.ts';

const EXAMPLE = 'http://127.0.0.1:8025';

/**
 * Reads the root address of a server. Throws a `TypeError` for a text that is no such address.
 *
 * @param source the origin of the address, which begins the error's message
 */
export function readAddress(url: string | URL, source = ''): URL {
  const text = String(url).trim();
  // `localhost:8025` is a URL too, whose scheme is `localhost`.
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    throw new TypeError(
      text === '' || /\s/.test(text)
        ? `${source}${JSON.stringify(text)} is no address: one such as ${EXAMPLE} is wanted`
        : `${source}${text} has no scheme: give it as http://${text}`,
    );
  }
  if (!URL.canParse(text)) {
    throw new TypeError(`${source}${text} is no address: one such as ${EXAMPLE} is wanted`);
  }
  const root = new URL(text);
  if (!/^https?:$/.test(root.protocol)) {
    throw new TypeError(
      `${source}${text} is not the address of the API: give that of the web UI, such as ${EXAMPLE}`,
    );
  }
  return root;
}

/** The error to throw when the first request to the server at `root` failed with `error`. */
export function whyNot(root: URL, error: unknown): unknown {
  // A sandbox refused the request, for example because the login is missing. The class of `fetch`'s errors is no
  // criterion: in Jest they are of another realm.
  const isOurs = error instanceof RestanteError && isProblemType(error.type);
  if (isOurs && error.status !== 404) return error;
  return new Error(`No sandbox answers at ${root.href}: ${reasonOf(root, error)}`, { cause: error });
}

function reasonOf(root: URL, error: unknown): string {
  const [, parent] = /^(.*\/)api\/?$/.exec(root.href) ?? [];
  const { code, message } = causeOf(error);
  if (error instanceof RestanteError || error instanceof SyntaxError) {
    if (parent !== undefined) return `the API is below it. Give the address without /api: ${parent}`;
    if (root.pathname !== '/') {
      return `that is not the root of one. Mostly it is the address without a path: ${root.origin}/`;
    }
    const answer = error instanceof RestanteError ? `, which answered ${error.status}` : '';
    return `what listens there is another program${answer}. ${HERE}`;
  }
  if (/REFUSED/i.test(code)) return `nothing listens there. ${HERE}`;
  // The parser's error has its code in some cases and in others words alone.
  if (/^HPE_|^UND_ERR_SOCKET$/.test(code) || message.includes('HTTP/1.1 protocol')) {
    return 'what listens there does not speak HTTP. Give the port of the web UI, 8025 where nobody chose another';
  }
  if (/SSL_WRONG_VERSION|SSL_PACKET_LENGTH/.test(code)) {
    return 'what listens there does not speak TLS. Give it as http:';
  }
  if (code === 'ENOTFOUND') return `there is no host ${root.hostname}. ${HERE}`;
  return `${message}. ${HERE}`;
}

const HERE =
  'Start one with `npx restante` (in its own source `npm start`), or say where it is by RESTANTE_URL or the address ' +
  'given to connect()';

/** The error that `fetch` has as its cause; if a name has several addresses, the cause is the first of their errors. */
function causeOf(error: unknown): { code: string; message: string } {
  const { code, message, cause } = (error ?? {}) as { code?: unknown; message?: unknown; cause?: unknown };
  if (typeof cause === 'object' && cause !== null) return causeOf(cause);
  return { code: typeof code === 'string' ? code : '', message: String(message) };
}
