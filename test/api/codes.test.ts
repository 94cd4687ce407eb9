/** Tests the call that lists the codes and links of several messages. */
import { expect, it } from 'vitest';
import type { CodesList } from '../../contract/index.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';

it('lists the codes and links of the messages that exist, in the order of the ids', async () => {
  const sandbox = await startTestSandbox();
  for (const code of ['482913', '735510']) {
    await sandbox.json('messages', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        from: 'app@x.test',
        to: 'ann@x.test',
        subject: 'Sign in',
        text: `Your sign-in code is ${code}.\nhttps://x.test/verify?token=${code}\n`,
      }),
    });
  }
  const { messages } = await sandbox.json<{ messages: { id: string }[] }>('messages');
  const [second = '', first = ''] = messages.map(({ id }) => id);
  await sandbox.api(`messages/${second}`, { method: 'DELETE' });
  const list = await sandbox.json<CodesList>(`messages/codes?ids=${second},unknown,${first}`);
  expect(list.messages).toMatchObject([
    { id: first, codes: [{ value: '482913' }], links: [{ href: 'https://x.test/verify?token=482913' }] },
  ]);
  for (const ids of ['', ',', `a,${'a,'.repeat(50)}a`]) {
    expect((await sandbox.api(`messages/codes?ids=${ids}`)).status).toBe(400);
  }
});
