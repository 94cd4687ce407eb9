/** The tools for inboxes, and for information about the server. */
import Type from 'typebox';
import { snippets } from '../../../contract/text/snippets.ts';
import { mintAccount } from '../../service/accounts.ts';
import { textContent } from '../call.ts';
import type { McpDeps } from '../deps.ts';
import { defineTool } from '../tool.ts';

/** Returns the addresses of the listeners, for example `{ smtp: '127.0.0.1:1025' }`; for HTTP, the URL. */
function addresses(deps: McpDeps): Record<string, string> {
  return Object.fromEntries(
    deps
      .endpoints()
      .map(({ protocol, host, port, url }) => [
        protocol,
        protocol.startsWith('http')
          ? url
          : port === 0
            ? host
            : `${host.includes(':') ? `[${host}]` : host}:${port}`,
      ]),
  );
}

export const createInbox = defineTool({
  name: 'create_inbox',
  title: 'Create an inbox',
  description: 'Creates an inbox with a unique address. All other mail is captured too.',
  input: Type.Object({
    name: Type.Optional(Type.String({ maxLength: 64, description: 'Word in the address' })),
  }),
  output: Type.Object({
    address: Type.String(),
    password: Type.String(),
    seq: Type.Integer(),
    smtp: Type.Optional(Type.String()),
    imap: Type.Optional(Type.String()),
    pop3: Type.Optional(Type.String()),
  }),
  effects: {},
  async run({ name }, _call, deps) {
    const minted = await mintAccount(deps, name === undefined ? {} : { name });
    const { smtp, imap, pop3 } = addresses(deps);
    const { name: address, password, seq } = minted;
    return {
      content: [
        textContent(
          `Inbox ${address}, password ${password}. Send to SMTP ${smtp ?? '(off)'} without TLS; then wait with after=${seq}.`,
        ),
      ],
      structured: {
        address,
        password,
        seq,
        ...(smtp === undefined ? {} : { smtp }),
        ...(imap === undefined ? {} : { imap }),
        ...(pop3 === undefined ? {} : { pop3 }),
      },
    };
  },
});

const frameworks = snippets.map(({ key }) => key);

export const serverInfo = defineTool({
  name: 'server_info',
  title: 'Server information',
  description: 'Addresses, limits and, for a framework, the settings that send its mail here.',
  input: Type.Object({ framework: Type.Optional(Type.Enum(frameworks)) }),
  output: Type.Object({
    version: Type.String(),
    endpoints: Type.Record(Type.String(), Type.String()),
    application: Type.Optional(Type.String()),
    storage: Type.String(),
    messages: Type.Integer(),
    seq: Type.Integer(),
    settings: Type.Optional(Type.String()),
  }),
  effects: { reads: true },
  async run({ framework }, _call, deps) {
    const { location, messages, seq } = await deps.store.facts();
    const endpoints = addresses(deps);
    const smtp = deps.endpoints().find(({ protocol }) => protocol === 'smtp');
    const snippet = snippets.find(({ key }) => key === framework);
    const settings =
      snippet === undefined || smtp === undefined
        ? undefined
        : `${snippet.name} (${snippet.file}):\n${snippet.code(smtp.host, smtp.port)}`;
    const application = deps.application?.url;
    const lines = [
      `Restante ${deps.version}: ${Object.entries(endpoints)
        .map(([protocol, address]) => `${protocol} ${address}`)
        .join(', ')}.`,
      `${messages} messages in ${location}, seq ${seq}; a message has at most ${deps.maxMessageSize} octets. ${application === undefined ? 'No application is configured (--app).' : `Replies go to ${application}.`}`,
      ...(settings === undefined ? [] : [settings]),
    ];
    return {
      content: [textContent(lines.join('\n'))],
      structured: {
        version: deps.version,
        endpoints,
        ...(application === undefined ? {} : { application }),
        storage: location,
        messages,
        seq,
        ...(settings === undefined ? {} : { settings }),
      },
    };
  },
});
