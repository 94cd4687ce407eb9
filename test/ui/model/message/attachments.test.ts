/** Tests the list of attachments in the message view. */
import { describe, expect, it } from 'vitest';
import type { Attachment, Detail, Part } from '../../../../contract/index.ts';
import {
  enclosureName,
  enclosuresOf,
  isPicture,
  isViewable,
  viewOf,
  type Enclosure,
} from '../../../../ui/model/message/attachments.ts';

/** Returns a message with only the few properties that the model reads. */
const detail = (given: Partial<Detail>): Detail =>
  ({ attachments: [], headers: [], from: [], to: [], cc: [], hasHtml: false, ...given }) as unknown as Detail;
const attachment = (given: Partial<Attachment>): Attachment => ({
  part: '2',
  filename: 'a.bin',
  name: 'a.bin',
  kind: 'file',
  location: null,
  type: 'application/octet-stream',
  size: 3,
  contentId: null,
  inline: false,
  ...given,
});
const part = (given: Partial<Part>): Part =>
  ({
    part: '1',
    type: 'text/plain',
    filename: null,
    contentId: null,
    parts: [],
    ...given,
  }) as unknown as Part;
const names = (enclosures: readonly Enclosure[]): readonly string[] => enclosures.map(enclosureName);

describe('enclosuresOf', () => {
  it('omits a picture that the HTML shows, but not in a message without HTML', () => {
    const picture = attachment({ filename: 'logo.png', type: 'image/png', contentId: 'l@x', inline: true });
    const message = { attachments: [picture, attachment({})], structure: part({}) };
    expect(names(enclosuresOf(detail({ ...message, hasHtml: true })))).toEqual(['a.bin']);
    expect(names(enclosuresOf(detail(message)))).toEqual(['logo.png', 'a.bin']);
  });

  it('lists an invitation that is an alternative of the body before the attachments', () => {
    const structure = part({
      part: '',
      type: 'multipart/alternative',
      parts: [part({}), part({ part: '2', type: 'text/calendar' })],
    });
    expect(names(enclosuresOf(detail({ structure, attachments: [attachment({ part: '3' })] })))).toEqual([
      'Invitation',
      'a.bin',
    ]);
  });

  it('lists an invitation once that is both an alternative of the body and attached', () => {
    const structure = part({
      part: '',
      type: 'multipart/mixed',
      parts: [part({ type: 'text/calendar' }), part({ part: '2', type: 'application/ics' })],
    });
    const attachments = [attachment({ filename: 'invite.ics', type: 'application/ics' })];
    expect(names(enclosuresOf(detail({ structure, attachments })))).toEqual(['invite.ics']);
  });

  it('names a part without a file name by its number', () => {
    expect(enclosureName(attachment({ filename: null, name: 'part-2.1.bin' }))).toBe('part-2.1.bin');
  });
});

it.each([
  ['image/png', 'picture'],
  ['image/svg+xml', 'markup'],
  ['text/calendar', 'calendar'],
  ['application/pdf', 'pdf'],
  ['text/csv', 'text'],
  ['text/x-log', 'text'],
  ['text/html', 'markup'],
  ['application/xml', 'markup'],
  ['application/json', 'json'],
  ['application/ld+json', 'json'],
  ['message/rfc822', 'message'],
  ['message/delivery-status', 'fields'],
  ['text/rfc822-headers', 'fields'],
  ['application/zip', null],
  ['application/octet-stream', null],
])('the view of %s is %s', (type, view) => {
  expect(viewOf(attachment({ type }))).toBe(view);
  expect(isViewable(attachment({ type }))).toBe(view !== null);
  expect(isPicture(attachment({ type }))).toBe(view === 'picture');
});

it.each([
  ['server.log', 'text'],
  ['nested.eml', 'message'],
  ['data.JSON', 'json'],
  ['setup.exe', null],
])('the view of %s with a general media type is %s', (filename, view) => {
  expect(viewOf(attachment({ filename }))).toBe(view);
});
