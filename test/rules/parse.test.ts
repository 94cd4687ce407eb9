/**
 * Tests the parser of rules: valid rules, and invalid rules that are refused with the path of the offending field.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseRule } from '../../server/rules/parse.ts';
import { stages } from '../../contract/names.ts';
import { actions } from '../../server/rules/actions/index.ts';

const defaults = { id: 'r1', seed: 7, now: 1_000_000 };
const reject = { reject: '451 4.7.1 later' };

function problems(json: unknown): string[] {
  const rule = parseRule(json, defaults);
  return Array.isArray(rule) ? rule.map(({ path }) => path) : [];
}

it('fills in default values', () => {
  expect(parseRule({ on: 'rcpt', then: reject }, defaults)).toMatchObject({
    id: 'r1',
    name: 'r1',
    enabled: true,
    account: null,
    times: null,
    nth: null,
    per: 'rule',
    probability: 1,
    expiresAt: null,
    scripted: false,
    definition: { id: 'r1', name: 'r1', on: 'rcpt', then: reject },
  });
});

it('reads every field', () => {
  const rule = parseRule(
    {
      id: 'mine',
      name: 'all of it',
      enabled: false,
      account: 'Bob@X.test',
      on: 'data',
      when: {
        ip: '10.0.0.0/8',
        helo: '*.test',
        user: '/^app/',
        from: 'a@*',
        rcpt: 'b?@x.test',
        port: 1025,
        tls: true,
        query: 'subject:hello',
        nth: [1, 2],
      },
      times: 3,
      per: 'rcpt',
      probability: 0.5,
      seed: 42,
      expiresIn: '1h',
      then: {
        tag: ['a', 'b'],
        delay: '250ms',
        reject: 550,
        deliverTo: { accounts: 'c@x.test', instead: true },
      },
    },
    defaults,
  );
  expect(rule).toMatchObject({
    id: 'mine',
    account: 'bob@x.test',
    nth: [1, 2],
    times: 3,
    seed: 42,
    expiresAt: 4_600_000,
    definition: { seed: 42, expiresAt: new Date(4_600_000).toISOString() },
  });
  // The actions are in the order of the table, not in the order of the rule.
  expect(Array.isArray(rule) ? [] : rule.steps[0]?.map(({ description }) => description)).toEqual([
    'waits 250 ms',
    'tags a, b',
    'delivers to c@x.test alone',
    'answers 550 5.1.1 No such user here',
  ]);
  // A stored definition is parsed to the same rule.
  expect(Array.isArray(rule) ? null : parseRule(rule.definition, { ...defaults, seed: 9 })).toMatchObject({
    seed: 42,
    expiresAt: 4_600_000,
  });
});

it.each<[unknown, string[]]>([
  ['reject', ['']],
  [[], ['']],
  [{}, ['on', 'then']],
  [{ on: 'never', then: reject }, ['on']],
  [{ on: 'rcpt' }, ['then']],
  [{ on: 'rcpt', then: reject, script: ['accept'] }, ['script']],
  [{ on: 'rcpt', then: {} }, ['then']],
  [{ on: 'rcpt', then: 'whatever' }, ['then']],
  [{ on: 'rcpt', then: { refuse: 550 } }, ['then.refuse']],
  [{ on: 'rcpt', then: { reject: 250 } }, ['then.reject']],
  [{ on: 'rcpt', then: { reject: '550 4.1.1 classes differ' } }, ['then.reject']],
  [{ on: 'rcpt', then: { accept: '550 no' } }, ['then.accept']],
  [{ on: 'rcpt', then: { delay: '3 fortnights' } }, ['then.delay']],
  [{ on: 'rcpt', then: { delay: -1 } }, ['then.delay']],
  [{ on: 'rcpt', then: { throttle: 0 } }, ['then.throttle']],
  [{ on: 'rcpt', then: { tag: '' } }, ['then.tag']],
  [{ on: 'rcpt', then: { deliverTo: [] } }, ['then.deliverTo']],
  [{ on: 'rcpt', then: { disconnect: 'sometime' } }, ['then.disconnect']],
  [{ on: 'rcpt', then: { quota: {} } }, ['then.quota.messages']],
  [{ on: 'rcpt', then: { greylist: { wait: 5 } } }, ['then.greylist.wait']],
  [{ on: 'stored', then: { bounce: { status: 'bad' } } }, ['then.bounce.status']],
  [{ on: 'stored', then: { bounce: { to: 'smtp://mx.example.com' } } }, ['then.bounce.to']],
  [{ on: 'stored', then: { webhook: 'ftp://x.test' } }, ['then.webhook']],
  [
    { on: 'stored', then: { webhook: { url: 'ftp://x.test', raw: 1 } } },
    ['then.webhook.url', 'then.webhook.raw'],
  ],
  [{ on: 'rcpt', then: { deliverTo: { instead: true } } }, ['then.deliverTo.accounts']],
  [{ on: 'rcpt', script: [{ quota: { size: 'big' } }] }, ['script[0].quota.size']],
  [{ on: 'stored', then: { relay: { to: null } } }, ['then.relay']],
  [{ on: 'stored', then: { autoReply: { subject: 'no text' } } }, ['then.autoReply.text']],
  [{ on: 'stored', then: { relay: { to: 'nobody' } } }, ['then.relay.to']],
  [{ on: 'stored', then: reject }, ['then.reject']],
  [{ on: 'connect', then: { tag: 'x' } }, ['then.tag']],
  [{ on: 'rcpt', script: [] }, ['script']],
  [{ on: 'rcpt', script: ['451 later', 'maybe', { reject: 1 }] }, ['script[1]', 'script[2].reject']],
  [{ on: 'rcpt', when: { query: 'subject:x' }, then: reject }, ['when.query']],
  [{ on: 'data', when: { query: 'nofield:(' }, then: reject }, ['when.query']],
  [{ on: 'rcpt', when: { rcpt: '/(/' }, then: reject }, ['when.rcpt']],
  [{ on: 'rcpt', when: { rcpt: '/x/g' }, then: reject }, ['when.rcpt']],
  [{ on: 'rcpt', when: { ip: '10.0.0.0/99' }, then: reject }, ['when.ip']],
  [{ on: 'rcpt', when: { port: 'smtp', tls: 'yes' }, then: reject }, ['when.port', 'when.tls']],
  [{ on: 'rcpt', when: { sender: 'x' }, then: reject }, ['when.sender']],
  [{ on: 'rcpt', when: [], then: reject }, ['when']],
  [{ on: 'rcpt', times: 0, probability: 2, per: 'day', then: reject }, ['times', 'per', 'probability']],
  [{ on: 'rcpt', when: { nth: 0 }, then: reject }, ['when.nth']],
  [{ on: 'helo', account: 'bob@x.test', then: reject }, ['account']],
  [{ on: 'rcpt', after: -1, within: 'soon', then: reject }, ['after', 'within']],
  [{ on: 'rcpt', expiresAt: 'tomorrow', then: reject }, ['expiresAt']],
  [{ on: 'rcpt', whenever: {}, then: reject }, ['whenever']],
])('refuses %j at %j', (json, paths) => {
  expect(problems(json)).toEqual(paths);
});

it('accepts every action at each of its stages', () => {
  const parameters: Record<string, unknown> = {
    delay: 1,
    throttle: 100,
    tag: 'x',
    deliverTo: 'a@x.test',
    bounce: true,
    autoReply: 'gone fishing',
    webhook: 'http://localhost:1/',
    relay: true,
    greylist: true,
    quota: { messages: 1 },
    disconnect: true,
    reject: 550,
    discard: true,
    accept: true,
  };
  expect(Object.keys(parameters)).toEqual([...actions.keys()]);
  for (const [name, action] of actions) {
    for (const on of stages) {
      const expected = action.stages.includes(on) ? [] : [`then.${name}`];
      expect(problems({ on, then: { [name]: parameters[name] } })).toEqual(expected);
    }
  }
});

it('never throws, whatever the input is', () => {
  const field = fc.constantFrom(
    'on',
    'when',
    'then',
    'script',
    'times',
    'account',
    'name',
    'id',
    'expiresIn',
  );
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('rcpt', 'accept', '451', { reject: 550 }, { rcpt: '/x/' }),
  );
  fc.assert(
    fc.property(fc.dictionary(field, value), (json) => {
      parseRule(json, defaults);
    }),
    { numRuns: 300 },
  );
});
