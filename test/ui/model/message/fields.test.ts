/** Tests the header fields of nested messages and the fields of delivery reports. */
import { expect, it } from 'vitest';
import { fieldGroups, mainFields } from '../../../../ui/model/message/fields.ts';

it('reads one group of fields for the message and each recipient of a delivery report', () => {
  const report = [
    'Reporting-MTA: dns; x.test',
    '',
    'Final-Recipient: rfc822; a@x.test',
    'Diagnostic-Code: smtp; 550',
    ' No such user',
    '',
    '',
  ].join('\r\n');
  expect(fieldGroups(report)).toEqual([
    [{ name: 'Reporting-MTA', value: 'dns; x.test' }],
    [
      { name: 'Final-Recipient', value: 'rfc822; a@x.test' },
      { name: 'Diagnostic-Code', value: 'smtp; 550 No such user' },
    ],
  ]);
});

it('reads the main fields of a nested message, with decoded words', () => {
  const raw = [
    'Received: by x.test',
    'From: =?utf-8?q?J=C3=B6rg?= <j@x.test>',
    'Subject: =?UTF-8?B?R3LDvMOf?=',
    ' =?UTF-8?B?ZQ==?= and =?nonsense?q?x?=',
    '',
    'To: not a header',
  ].join('\r\n');
  expect(mainFields(raw)).toEqual([
    { name: 'From', value: 'Jörg <j@x.test>' },
    { name: 'Subject', value: 'Grüße and =?nonsense?q?x?=' },
  ]);
});
