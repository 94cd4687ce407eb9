/** Rules of the sandbox, or of one inbox: scripted faults, delays, bounces and the like. */
import type { Rule, RuleInput } from '../server/api/contract.ts';
import type { Client } from './client.ts';

/** A rule as it is added; without a stage it is asked for each recipient. */
export type RuleWish = Omit<RuleInput, 'on' | 'account'> & { readonly on?: RuleInput['on'] };

export class Rules {
  readonly #client: Client;
  readonly #account: string | null;

  /** @param account whose mail they are for; `null` for all mail */
  constructor(client: Client, account: string | null) {
    this.#client = client;
    this.#account = account === 'all' ? null : account;
  }

  /** Adds a rule behind the others. Throws `RestanteError` with the path of what cannot be understood. */
  add({ on = 'rcpt', ...rule }: RuleWish): Promise<Rule> {
    return this.#client.addRule({
      ...rule,
      on,
      ...(this.#account !== null && { account: this.#account }),
    });
  }

  /** Answers the next attempts in turn, for example `'451 4.7.1 later', '451 4.7.1 later', 'accept'`. */
  script(...replies: string[]): Promise<Rule> {
    return this.add({
      name: `script ${replies.map((reply) => reply.slice(0, 3)).join(', ')}`,
      script: replies,
    });
  }

  /** Refuses with a reply such as `550 5.1.1 no such user`; always, or so many times. */
  reject(reply: string, options: { times?: number; on?: RuleInput['on'] } = {}): Promise<Rule> {
    return this.add({ name: `reject ${reply}`, then: { reject: reply }, ...options });
  }

  /** Waits before the answer, for example `'3s'`. */
  delay(duration: string, options: { times?: number; on?: RuleInput['on'] } = {}): Promise<Rule> {
    return this.add({ name: `delay ${duration}`, then: { delay: duration }, ...options });
  }

  /** With how often each has fired. */
  async list(): Promise<Rule[]> {
    return (await this.#client.rules(this.#account === null ? {} : { account: this.#account })).rules;
  }

  async get(id: string): Promise<Rule> {
    return this.#client.rule(id);
  }

  async remove(id: string): Promise<void> {
    await this.#client.removeRule(id);
  }

  /** Removes these rules; those of the sandbox are all there are, inboxes' included. */
  async clear(): Promise<void> {
    await this.#client.removeRules(this.#account === null ? {} : { account: this.#account });
  }
}
