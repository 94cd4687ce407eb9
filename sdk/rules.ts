/**
 * The rules of the sandbox, or of one inbox, which simulate faults, delays, bounces and other behaviour of
 * mail servers.
 */
import type { Rule, RuleInput } from '../contract/index.ts';
import type { Client } from './client.ts';

/**
 * A rule to add. The default stage is `rcpt`, at which the rule is evaluated for each recipient of a message.
 */
export type RuleWish = Omit<RuleInput, 'on' | 'account'> & { readonly on?: RuleInput['on'] };

export class Rules {
  readonly #client: Client;
  readonly #account: string | null;

  /** @param account the account whose mail the rules apply to; `null` for all mail */
  constructor(client: Client, account: string | null) {
    this.#client = client;
    this.#account = account === 'all' ? null : account;
  }

  /**
   * Adds a rule after the existing rules. Rejects with a `RestanteError` for an invalid rule; the error
   * contains the path of the invalid value.
   */
  add({ on = 'rcpt', ...rule }: RuleWish): Promise<Rule> {
    return this.#client.addRule({
      ...rule,
      on,
      ...(this.#account !== null && { account: this.#account }),
    });
  }

  /**
   * Adds a rule that responds to the next delivery attempts with these replies in turn, for example
   * `'451 4.7.1 later', '451 4.7.1 later', 'accept'`.
   */
  script(...replies: string[]): Promise<Rule> {
    return this.add({
      name: `script ${replies.map((reply) => reply.slice(0, 3)).join(', ')}`,
      script: replies,
    });
  }

  /**
   * Adds a rule that refuses mail with a reply such as `550 5.1.1 no such user`: always, or the given number
   * of `times`.
   */
  reject(reply: string, options: { times?: number; on?: RuleInput['on'] } = {}): Promise<Rule> {
    return this.add({ name: `reject ${reply}`, then: { reject: reply }, ...options });
  }

  /** Adds a rule that delays the SMTP reply, for example by `'3s'`. */
  delay(duration: string, options: { times?: number; on?: RuleInput['on'] } = {}): Promise<Rule> {
    return this.add({ name: `delay ${duration}`, then: { delay: duration }, ...options });
  }

  /** Returns the rules, each with the number of times that it has fired. */
  async list(): Promise<Rule[]> {
    return (await this.#client.rules(this.#account === null ? {} : { account: this.#account })).rules;
  }

  async get(id: string): Promise<Rule> {
    return this.#client.rule(id);
  }

  async remove(id: string): Promise<void> {
    await this.#client.removeRule(id);
  }

  /**
   * Removes the rules of the inbox. If this object represents the rules of the whole sandbox, removes the rules
   * of all inboxes, too.
   */
  async clear(): Promise<void> {
    await this.#client.removeRules(this.#account === null ? {} : { account: this.#account });
  }
}
