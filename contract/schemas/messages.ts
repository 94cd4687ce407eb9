/** Schemas of messages: summary, detail, and MIME parts. */
import { linkKinds, linkSources, originKinds, partKinds, providerNames, severities } from '../names.ts';
import Type, { type Static } from 'typebox';
import { Instant, Nullable } from './pieces.ts';
import { RefusedRelay } from './refusals.ts';
import { RuleHit } from './rules.ts';

export const Address = Type.Object(
  { name: Type.String({ description: 'Decoded display name, may be empty.' }), address: Type.String() },
  { $id: 'Address' },
);
export type Address = Static<typeof Address>;

const addresses = Type.Array(Address);

const summaryProperties = {
  id: Type.String(),
  seq: Type.Integer({
    description: 'Number of the change that added the message: the cursor for waits and streams.',
  }),
  receivedAt: Instant('When the message was captured, by the server’s clock.'),
  size: Type.Integer({ description: 'Size of the raw message in octets.' }),
  from: addresses,
  to: addresses,
  cc: addresses,
  bcc: Type.Array(Address, { description: 'Bcc header, and envelope recipients that no header names.' }),
  replyTo: addresses,
  subject: Type.String(),
  date: Nullable(Instant('The Date header.')),
  messageId: Nullable(Type.String({ description: 'Message-ID without angle brackets.' })),
  envelope: Type.Object({
    from: Type.String({ description: 'Reverse-path; empty for the null sender.' }),
    to: Type.Array(Type.String()),
  }),
  user: Nullable(Type.String({ description: 'Authenticated user of the SMTP session.' })),
  seen: Type.Boolean(),
  flagged: Type.Boolean(),
  tags: Type.Array(Type.String()),
  attachments: Type.Integer({ description: 'Number of attachments.' }),
  hasHtml: Type.Boolean({ description: 'Whether the message has an HTML body.' }),
  preview: Type.String({ description: 'About 200 characters of the text.' }),
};

export const Summary = Type.Object(summaryProperties, {
  $id: 'Summary',
  examples: [
    {
      id: '0mwwguy5o000qdpz',
      seq: 4,
      receivedAt: '2026-11-25T18:38:00.301Z',
      size: 169,
      from: [{ name: 'Shop', address: 'shop@example.test' }],
      to: [{ name: '', address: 'ann@example.test' }],
      cc: [],
      bcc: [],
      replyTo: [],
      subject: 'Confirm your address',
      date: '2026-11-23T10:00:00.000Z',
      messageId: '1@shop.test',
      envelope: { from: 'shop@example.test', to: ['ann@example.test'] },
      user: null,
      seen: false,
      flagged: false,
      tags: [],
      attachments: 0,
      hasHtml: false,
      preview: 'Your code is 482913',
    },
  ],
});
export type Summary = Static<typeof Summary>;

export const Header = Type.Object(
  {
    name: Type.String({ description: 'As written.' }),
    value: Type.String({ description: 'Value, unfolded and decoded (RFC 2047).' }),
    raw: Type.String({ description: 'Value, unfolded and not decoded.' }),
  },
  { $id: 'Header' },
);
export type Header = Static<typeof Header>;

export const PartKind = Type.Enum(partKinds, {
  $id: 'PartKind',
  description: 'Kind of the part; `tnef` is Outlook’s winmail.dat.',
});
export type PartKind = Static<typeof PartKind>;

export const Part = Type.Cyclic(
  {
    Part: Type.Object({
      part: Type.String({ description: 'IMAP part number; empty for the whole message.' }),
      type: Type.String({ description: 'Media type, lower case.' }),
      parameters: Type.Record(Type.String(), Type.String()),
      encoding: Type.String(),
      disposition: Nullable(Type.String()),
      filename: Nullable(Type.String({ description: 'File name that the sender gave.' })),
      name: Nullable(Type.String({ description: 'File name to save the part as; null for a multipart.' })),
      kind: PartKind,
      contentId: Nullable(Type.String()),
      location: Nullable(Type.String({ description: 'Content-Location as sent.' })),
      offset: Type.Integer({ description: 'Offset of the part’s header in the raw message, in octets.' }),
      bodyOffset: Type.Integer(),
      size: Type.Integer({ description: 'Size of the encoded body in octets.' }),
      parts: Type.Array(Type.Ref('Part')),
    }),
  },
  'Part',
);
export type Part = Static<typeof Part>;

export const Attachment = Type.Object(
  {
    part: Type.String({ description: 'Part number: fetch it at `/api/messages/{id}/parts/{part}`.' }),
    filename: Nullable(Type.String({ description: 'File name that the sender gave.' })),
    name: Type.String({
      description:
        'File name to save the attachment as: safe and never empty; from the subject or the type if the sender gave none.',
    }),
    kind: PartKind,
    type: Type.String(),
    size: Type.Integer({ description: 'Size of the decoded content in octets.' }),
    contentId: Nullable(Type.String()),
    location: Nullable(Type.String({ description: 'Content-Location, resolved (RFC 2557).' })),
    inline: Type.Boolean({
      description: 'Whether the HTML displays the attachment, by its content id or disposition.',
    }),
  },
  { $id: 'Attachment' },
);
export type Attachment = Static<typeof Attachment>;

export const LinkKind = Type.Enum(linkKinds, { $id: 'LinkKind' });
export const Link = Type.Object(
  {
    href: Type.String(),
    text: Type.String(),
    kind: LinkKind,
    source: Type.Enum(linkSources),
  },
  { $id: 'Link' },
);
export type Link = Static<typeof Link>;

export const Code = Type.Object(
  {
    value: Type.String(),
    confidence: Type.Number({ minimum: 0, maximum: 1 }),
    context: Type.String({ description: 'The text around the code.' }),
  },
  { $id: 'Code' },
);
export type Code = Static<typeof Code>;

export const Defect = Type.Object(
  {
    code: Type.String(),
    message: Type.String(),
    offset: Type.Integer({ description: 'Offset in the raw message, in octets.' }),
  },
  { $id: 'Defect' },
);
export type Defect = Static<typeof Defect>;

export const Finding = Type.Object(
  {
    check: Type.String(),
    rule: Type.String(),
    severity: Type.Enum(severities),
    message: Type.String(),
    where: Nullable(
      Type.Object({
        header: Type.Optional(Type.String()),
        part: Type.Optional(Type.String()),
        offset: Type.Optional(Type.Integer()),
        line: Type.Optional(Type.Integer()),
        column: Type.Optional(Type.Integer()),
        decoded: Type.Optional(
          Type.Object(
            { line: Type.Integer(), column: Type.Integer() },
            {
              description:
                'The place in the decoded text of the part, such as the HTML: line and column from 1, the column in ' +
                'UTF-16 code units.',
            },
          ),
        ),
        excerpt: Type.Optional(Type.String()),
      }),
    ),
    reference: Nullable(Type.String()),
    help: Nullable(Type.String()),
  },
  { $id: 'Finding' },
);
export type Finding = Static<typeof Finding>;

const EsmtpParameters = Type.Record(Type.String(), Type.Union([Type.String(), Type.Literal(true)]));

export const Origin = Type.Object(
  {
    kind: Type.Enum(originKinds),
    session: Nullable(Type.String()),
    peer: Nullable(Type.String()),
    helo: Nullable(Type.String()),
    tls: Nullable(
      Type.Object({ protocol: Type.String(), cipher: Type.String(), servername: Nullable(Type.String()) }),
    ),
    user: Nullable(Type.String()),
    provider: Nullable(
      Type.Object(
        {
          name: Type.Enum(providerNames),
          endpoint: Type.String({ description: 'Method and path.' }),
          apiKey: Type.String({ description: 'Masked.' }),
          id: Type.String({ description: 'Id in the provider’s response.' }),
          request: Type.Unknown({ description: 'Posted JSON of this message; long texts are cut.' }),
        },
        { description: 'Request to the emulated API of a mail provider.' },
      ),
    ),
  },
  { $id: 'Origin' },
);
export type Origin = Static<typeof Origin>;

export const TranscriptLine = Type.Object(
  {
    at: Type.Number({ description: 'Milliseconds since the session began.' }),
    from: Type.Enum(['client', 'server', 'note'], {
      // Without these names for the values, the constants of generated Go code would have the same names as Go types of
      // the contract.
      'x-enum-varnames': ['FromClient', 'FromServer', 'FromNote'],
    }),
    text: Type.String(),
  },
  { $id: 'TranscriptLine' },
);
export type TranscriptLine = Static<typeof TranscriptLine>;

export const Transcript = Type.Object({ lines: Type.Array(TranscriptLine) }, { $id: 'Transcript' });
export type Transcript = Static<typeof Transcript>;

export const Detail = Type.Object(
  {
    ...summaryProperties,
    attachments: Type.Array(Attachment),
    envelope: Type.Object({
      ...summaryProperties.envelope.properties,
      parameters: Type.Object(
        { from: EsmtpParameters, to: Type.Array(EsmtpParameters) },
        { description: 'ESMTP parameters as sent, in the order of `to`.' },
      ),
    }),
    headers: Type.Array(Header),
    text: Nullable(Type.String({ description: 'The text body, decoded.' })),
    html: Nullable(
      Type.String({
        description: 'The HTML body, decoded but not sanitised: do not render it outside a sandbox.',
      }),
    ),
    encryption: Nullable(
      Type.Enum(['pgp', 'smime'], {
        $id: 'Encryption',
        description: 'How the body is encrypted; null if it is not.',
      }),
    ),
    structure: Part,
    origin: Origin,
    links: Type.Array(Link),
    codes: Type.Array(Code, { description: 'Codes found in the message, the most likely first.' }),
    defects: Type.Array(Defect),
    findings: Type.Array(Finding),
    rules: Type.Array(RuleHit, { description: 'Rules that acted on the message, in order.' }),
    refusedRelay: Nullable(RefusedRelay),
  },
  { $id: 'Detail' },
);
export type Detail = Static<typeof Detail>;

export const CodesQuery = Type.Object({
  ids: Type.String({
    pattern: '^[^,]+(?:,[^,]+){0,49}$',
    maxLength: 2_000,
    description: 'Ids of up to 50 messages, separated by commas.',
  }),
});

export const MessageCodes = Type.Object(
  { id: Type.String(), codes: Type.Array(Code), links: Type.Array(Link) },
  { $id: 'MessageCodes' },
);
export type MessageCodes = Static<typeof MessageCodes>;

export const CodesList = Type.Object({ messages: Type.Array(MessageCodes) }, { $id: 'CodesList' });
export type CodesList = Static<typeof CodesList>;

export const MessagePage = Type.Object(
  {
    messages: Type.Array(Summary),
    total: Type.Integer({ description: 'Number of matches in the whole scope.' }),
    totalIsAtLeast: Type.Optional(
      Type.Boolean({
        description: 'There are more matches than `total`, and `unread` counts only the counted ones.',
      }),
    ),
    unread: Type.Integer(),
    next: Nullable(Type.String({ description: 'Cursor of the next page; null on the last page.' })),
    seq: Type.Integer({
      description: 'The seq of the list: a stream since this seq contains every later change.',
    }),
  },
  { $id: 'MessagePage' },
);
export type MessagePage = Static<typeof MessagePage>;
