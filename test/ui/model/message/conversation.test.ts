/** Tests the query for the messages of a conversation. */
import { expect, it } from 'vitest';
import { conversationQuery } from '../../../../ui/model/message/conversation.ts';

const header = (name: string, value: string) => ({ name, value, raw: `${name}: ${value}` });

it('contains the first message of the conversation, and the messages that refer to it', () => {
  const of = (id: string) =>
    `header:Message-ID="<${id}>" OR header:References="<${id}>" OR header:In-Reply-To="<${id}>"`;
  const references = header('References', '<1@x.test> <2@x.test>');
  expect(conversationQuery({ messageId: '3@x.test', headers: [references] })).toBe(of('1@x.test'));
  const reply = header('In-Reply-To', '<2@x.test>');
  expect(conversationQuery({ messageId: '3@x.test', headers: [reply] })).toBe(of('2@x.test'));
  expect(conversationQuery({ messageId: '3@x.test', headers: [] })).toBe(of('3@x.test'));
  expect(conversationQuery({ messageId: null, headers: [] })).toBeNull();
});
