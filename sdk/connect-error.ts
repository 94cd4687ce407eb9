/** Explains to the user why a connection to a sandbox failed, and how to solve the problem. */
import { isProblemType } from '../contract/problems.ts';
import { RestanteError } from './errors.ts';

const EXAMPLE = 'http://127.0.0.1:8025';

/**
 * Parses the root URL of a server. Throws a `TypeError` for a text that is not an HTTP or HTTPS URL.
 *
 * @param source where the URL comes from, e.g. the name of an environment variable; the error text begins
 *   with it
 */
export function readAddress(url: string | URL, source = ''): URL {
  const text = String(url).trim();
  // The scheme must be checked, because `localhost:8025` is also a valid URL, with the scheme `localhost`.
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    throw new TypeError(
      text === '' || /\s/.test(text)
        ? `${source}${JSON.stringify(text)} is not a URL: pass one such as ${EXAMPLE}`
        : `${source}${text} has no scheme: write http://${text}`,
    );
  }
  if (!URL.canParse(text)) {
    throw new TypeError(`${source}${text} is not a URL: pass one such as ${EXAMPLE}`);
  }
  const root = new URL(text);
  if (!/^https?:$/.test(root.protocol)) {
    throw new TypeError(
      `${source}${text} is not an HTTP URL: pass the URL of the web UI, such as ${EXAMPLE}`,
    );
  }
  return root;
}

/** Returns the error to throw when the first request to the server at `root` has failed with `error`. */
export function whyNot(root: URL, error: unknown): unknown {
  // An error document of Restante shows that a sandbox has refused the request, for example because the login
  // is missing. Errors of `fetch` are not recognized by their class, because in Jest the class belongs to
  // another realm.
  const isOurs = error instanceof RestanteError && isProblemType(error.type);
  if (isOurs && error.status !== 404) return error;
  return new Error(`No sandbox responds at ${root.href}: ${reasonOf(root, error)}`, { cause: error });
}

function reasonOf(root: URL, error: unknown): string {
  const [, parent] = /^(.*\/)api\/?$/.exec(root.href) ?? [];
  const { code, message } = causeOf(error);
  if (error instanceof RestanteError || error instanceof SyntaxError) {
    if (parent !== undefined) return `this is the URL of its API. Use the URL without /api: ${parent}`;
    if (root.pathname !== '/') {
      return `the URL is not the root of a sandbox. Try the URL without the path: ${root.origin}/`;
    }
    const answer = error instanceof RestanteError ? ` and responded with status ${error.status}` : '';
    return `another program listens there${answer}. ${HERE}`;
  }
  if (/REFUSED/i.test(code)) return `nothing listens there. ${HERE}`;
  // If the response is not HTTP, some implementations of `fetch` throw an error with a code, others an error
  // with only a message.
  if (/^HPE_|^UND_ERR_SOCKET$/.test(code) || message.includes('HTTP/1.1 protocol')) {
    return 'the server there does not speak HTTP. Use the port of the web UI, by default 8025';
  }
  if (/SSL_WRONG_VERSION|SSL_PACKET_LENGTH/.test(code)) {
    return 'the server there does not speak TLS. Use a URL that starts with http:';
  }
  if (code === 'ENOTFOUND') return `the host ${root.hostname} does not exist. ${HERE}`;
  return `${message}. ${HERE}`;
}

const HERE =
  'Start a sandbox with `npx restante` (in its repository: `npm start`), or set its URL in RESTANTE_URL or as the argument ' +
  'of connect()';

/** Returns the innermost cause of an error of `fetch`. The cause contains the code of the network error. */
function causeOf(error: unknown): { code: string; message: string } {
  const { code, message, cause } = (error ?? {}) as { code?: unknown; message?: unknown; cause?: unknown };
  if (typeof cause === 'object' && cause !== null) return causeOf(cause);
  return { code: typeof code === 'string' ? code : '', message: String(message) };
}
