/** The table of all tools, in the order in which they are listed. */
import type { Tool } from '../tool.ts';
import { getAttachment, getSource } from './bytes.ts';
import { clearRules, deleteMessages, scriptReplies, setRule } from './changes.ts';
import { checkLinks, checkMessage, explainMissingMail } from './checks.ts';
import { renderMessage } from './picture.ts';
import { createInbox, serverInfo } from './inboxes.ts';
import { getMessage, listMessages } from './messages.ts';
import { bounceMessage, complain, replyAsRecipient, sendMessage } from './outbound.ts';
import { waitForCode, waitForLink, waitForMessage } from './waits.ts';

export const tools: readonly Tool[] = [
  createInbox,
  waitForMessage,
  waitForCode,
  waitForLink,
  listMessages,
  getMessage,
  getSource,
  getAttachment,
  renderMessage,
  checkMessage,
  checkLinks,
  explainMissingMail,
  sendMessage,
  replyAsRecipient,
  bounceMessage,
  complain,
  setRule,
  scriptReplies,
  clearRules,
  deleteMessages,
  serverInfo,
];
