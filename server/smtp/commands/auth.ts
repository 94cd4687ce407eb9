/** AUTH (RFC 4954): performs a SASL exchange and passes its result to the handler. */
import { startSasl, type SaslExchange } from '../../net/sasl/index.ts';
import type { Session } from '../session.ts';
import { reply, SmtpReply, type Reply } from '../reply.ts';
import type { SmtpCommand } from './command.ts';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

function decode(text: string): Buffer {
  if (!BASE64.test(text)) throw new SmtpReply(501, '5.5.2', 'Cannot decode the response as base64');
  return Buffer.from(text, 'base64');
}

/** The SASL exchange of one AUTH command. */
class Authentication {
  readonly #session: Session;
  readonly #mechanism: string;
  readonly #exchange: SaslExchange;
  /** The user name that the client sent last, whether or not its password was right. */
  #user: string | null = null;

  constructor(session: Session, mechanism: string) {
    this.#session = session;
    this.#mechanism = mechanism;
    const secret = (user: string) => {
      this.#user = user;
      return session.server.secret(user);
    };
    const exchange = startSasl(mechanism, { secret }, { hostname: session.name });
    if (exchange === null) throw new SmtpReply(504, '5.5.4', 'Unrecognized authentication mechanism');
    this.#exchange = exchange;
  }

  async step(response: Buffer | null): Promise<Reply> {
    const outcome = await this.#exchange.step(response);
    if (outcome.kind === 'challenge') {
      this.#session.awaitResponse((line) => this.#respond(line));
      return reply(334, null, outcome.data.toString('base64'));
    }
    const mechanism = this.#mechanism;
    const proved = outcome.kind === 'success' ? outcome.user : null;
    const claimed = proved ?? this.#user;
    const attempt = {
      mechanism,
      user: claimed === '' ? null : claimed,
      failure: outcome.kind === 'failure' ? outcome.reason : null,
    };
    const agreed = await this.#session.handler.auth(attempt);
    if (proved === null) throw new SmtpReply(535, '5.7.8', 'Authentication credentials invalid');
    this.#session.authenticate(proved);
    return agreed ?? reply(235, '2.7.0', 'Authentication successful');
  }

  #respond(line: string): Promise<Reply> {
    if (line === '*') throw new SmtpReply(501, '5.7.0', 'Authentication aborted');
    return this.step(decode(line));
  }
}

export const auth: SmtpCommand = {
  name: 'AUTH',
  async run(session, argument) {
    const [name = '', initial, ...more] = argument.split(/\s+/);
    if (session.transaction !== null) {
      throw new SmtpReply(503, '5.5.1', 'AUTH is not permitted during a mail transaction');
    }
    if (session.options.requireTls && !session.secure) {
      throw new SmtpReply(530, '5.7.0', 'Must issue a STARTTLS command first');
    }
    if (session.authenticated) throw new SmtpReply(503, '5.5.1', 'Already authenticated');
    if (more.length > 0) throw new SmtpReply(501, '5.5.4', 'Syntax: AUTH mechanism [initial-response]');
    const authentication = new Authentication(session, name);
    // A single equals sign is an empty initial response (RFC 4954 §4).
    return authentication.step(
      initial === undefined ? null : initial === '=' ? Buffer.alloc(0) : decode(initial),
    );
  },
};
