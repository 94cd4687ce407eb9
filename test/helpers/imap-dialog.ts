/**
 * Starts the IMAP server for dialogue scripts. Settings: `@messages NAME…` delivers messages of this file to
 * a@x.test; `@users NAME:PASSWORD…` rejects all other logins; `@require-tls`; `@tls`; `@limit OCTETS` for APPEND;
 * `@quota MESSAGES OCTETS`; `@utf8` offers UTF8=ACCEPT; `@disk` stores the mail on disk. `{break disk}` makes the
 * messages on disk unreadable, `{break store}` closes the store while the server is running; both send no octets.
 */
import { onTestFinished } from 'vitest';
import { startImap } from './imap.ts';
import type { DialogWorld } from './dialog.ts';
import { certificate } from './certificate.ts';
import { breaker, openDamagedStore } from './damaged-store.ts';
import { openTestStore } from './test-store.ts';

/** The fixed time of the scripts' clock, in milliseconds since the epoch. */
export const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

export const messages: Readonly<Record<string, string>> = {
  plain: `From: Ann <ann@x.test>
To: Bob <bob@x.test>
Subject: plain
Date: Fri, 2 Jan 2026 03:04:05 +0000
Message-ID: <plain@x.test>

hello world
`,
  reply: `From: bob@x.test
To: Ann <ann@x.test>, Carol <carol@x.test>
Cc: dave@x.test
Subject: Re: plain
Date: Thu, 1 Jan 2026 23:30:00 -0800
In-Reply-To: <plain@x.test>
References: <plain@x.test>
Message-ID: <reply@x.test>

the answer
`,
  unicode: `From: =?utf-8?q?J=C3=BCrgen?= <j@x.test>
To: bob@x.test
Subject: =?utf-8?b?R3LDvMOfZQ==?=
Date: Sat, 3 Jan 2026 00:30:00 +0900
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Stra=C3=9Fe
`,
  nested: `From: ann@x.test
Subject: nested
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

text part
--b
Content-Type: image/png; name=dot.png
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename=dot.png

AAEC
--b
Content-Type: message/rfc822

Subject: inside
From: eve@x.test

inner
--b--
`,
};

export async function imapWorld(settings: Readonly<Record<string, string>>): Promise<DialogWorld> {
  const [messageQuota = null, octetQuota = null] = settings['quota']?.split(' ').map(Number) ?? [];
  const users = new Map(settings['users']?.split(' ').map((pair) => pair.split(':') as [string, string]));
  const disk = 'disk' in settings ? await openDamagedStore(() => NOW) : null;
  const store = disk?.store ?? (await openTestStore({ clock: () => NOW }));
  const fixture = await startImap({
    store,
    clock: () => NOW,
    users,
    requireTls: 'require-tls' in settings,
    tls: 'tls' in settings ? certificate : null,
    utf8: 'utf8' in settings,
    quota: { messages: messageQuota, octets: octetQuota },
    ...('limit' in settings ? { messageLimit: Number(settings['limit']) } : {}),
  });
  onTestFinished(() => fixture.close());
  for (const name of settings['messages']?.split(' ') ?? []) {
    const raw = messages[name];
    if (raw === undefined) throw new Error(`no message called ${name}`);
    await fixture.deliver(raw);
  }
  return { host: '127.0.0.1', port: fixture.port, functions: { break: breaker(store, disk) } };
}
