/** The calls for information about the server. */
import { jsonAnswer } from '../answer.ts';
import type { Handler } from '../call.ts';
import { MAILPIT_VERSION } from './summary.ts';

export const getInfo: Handler = async ({ store, capture, clock, startedAt }, { account }) => {
  const facts = await store.facts();
  const info = await store.accounts.get(account);
  const tags = await store.messages.tags(account);
  const messages = info?.messages ?? 0;
  return jsonAnswer({
    Version: MAILPIT_VERSION,
    LatestVersion: 'disabled',
    Database: facts.location,
    DatabaseSize: facts.bytes,
    Messages: messages,
    Unread: info?.unread ?? 0,
    Tags: Object.fromEntries(tags.map(({ tag, messages: count }) => [tag, count])),
    RuntimeStats: {
      Uptime: Math.max(0, Math.floor((clock() - startedAt) / 1000)),
      Memory: process.memoryUsage.rss(),
      MessagesDeleted: Math.max(0, capture.counts.captured - facts.messages),
      SMTPAccepted: capture.counts.captured,
      SMTPAcceptedSize: facts.bytes,
      SMTPRejected: capture.counts.refused,
      SMTPIgnored: 0,
    },
  });
};

export const getWebUi: Handler = async ({ relay, filters }) => {
  const { mode, smartHost, allow, deny } = relay.policy();
  const isOn = mode !== 'off';
  const allowed = isOn ? allow.join(', ') : '';
  return jsonAnswer({
    Label: '',
    MessageRelay: {
      Enabled: isOn,
      SMTPServer: isOn ? (smartHost ?? '').replace(/^smtps?:\/\//, '') : '',
      ReturnPath: '',
      AllowedRecipients: allowed,
      BlockedRecipients: isOn ? deny.join(', ') : '',
      OverrideFrom: '',
      PreserveMessageIDs: isOn,
      RecipientAllowlist: allowed,
    },
    SpamAssassin: filters.spamassassin,
    Rspamd: filters.rspamd,
    ChaosEnabled: true,
    DuplicatesIgnored: false,
    HideDeleteAllButton: false,
  });
};
