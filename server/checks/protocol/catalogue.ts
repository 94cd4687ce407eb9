/** The rules of the protocol check, by their stable ids. */
import { findingsOf, type CheckRule } from '../check.ts';

const rules = {
  'helo-not-a-name': {
    severity: 'warning',
    message: 'The name given with HELO or EHLO is neither a domain name nor an address literal',
    reference: 'RFC 5321 §4.1.1.1',
    help: 'Configure the host name of the client; many servers refuse clients without one or count it as a sign of spam.',
  },
  'helo-missing': {
    severity: 'warning',
    message: 'The client sent MAIL without HELO or EHLO before it',
    reference: 'RFC 5321 §4.1.4',
    help: 'Send EHLO first; many servers are configured to refuse mail without it.',
  },
  'blank-in-command': {
    severity: 'info',
    message: 'A command line has a blank or a tab where the standard does not allow one',
    reference: 'RFC 5321 §4.1.1',
    help: 'Begin the line with the command, followed by one space, without blanks at the end.',
  },
  'command-not-utf8': {
    severity: 'error',
    message: 'A command has octets above 127 that are not UTF-8; they were read as ISO 8859-1',
    reference: 'RFC 6531 §3.3',
    help: 'Send addresses in ASCII, or in UTF-8 with the SMTPUTF8 parameter; servers refuse anything else.',
  },
  'bare-lf-command': {
    severity: 'error',
    message: 'A command ended with a bare line feed instead of CRLF',
    reference: 'RFC 5321 §2.3.8',
    help: 'End every command with CRLF.',
  },
  'early-talker': {
    severity: 'warning',
    message: 'The client sent data before the greeting',
    reference: 'RFC 5321 §4.3.1',
    help: 'Wait for the 220 greeting; some servers disconnect clients that do not wait.',
  },
  'space-in-path-command': {
    severity: 'warning',
    message: 'There is a blank before the address of MAIL or RCPT, or within its angle brackets',
    reference: 'RFC 5321 §3.3',
    help: 'Write MAIL FROM:<address>; servers may refuse the blank.',
  },
  'path-without-brackets': {
    severity: 'error',
    message: 'The address of MAIL or RCPT has no angle brackets, or only one',
    reference: 'RFC 5321 §4.1.2',
    help: 'Write the address in angle brackets.',
  },
  'address-malformed': {
    severity: 'error',
    message: 'An address of the envelope is not a mailbox as the standard defines it',
    reference: 'RFC 5321 §4.1.2, §4.1.3',
    help: 'Send local-part@domain; quote unusual local parts, and write IP addresses in square brackets.',
  },
  'address-without-domain': {
    severity: 'warning',
    message: 'An address of the envelope has no domain',
    reference: 'RFC 5321 §2.3.5',
    help: 'Give the full address; servers refuse a bare name or complete it with their own domain.',
  },
  'repeated-parameter': {
    severity: 'warning',
    message: 'MAIL or RCPT gives a parameter more than once; the last value counts',
    reference: 'RFC 5321 §4.1.2',
    help: 'Give each parameter once; some servers refuse the command. Python’s smtplib adds SIZE, BODY and SMTPUTF8 itself.',
  },
  'parameter-malformed': {
    severity: 'warning',
    message: 'A parameter of MAIL or RCPT has no value, or a longer one than the standard allows',
    reference: 'RFC 5321 §4.1.2, RFC 3461 §4',
    help: 'Leave the parameter out, or give it a value; some servers refuse the command.',
  },
  'source-route': {
    severity: 'info',
    message: 'An address carries a source route, which servers ignore',
    reference: 'RFC 5321 appendix C',
    help: 'Send the plain address.',
  },
  'utf8-address-without-smtputf8': {
    severity: 'error',
    message: 'An address of the envelope is not ASCII, but MAIL has no SMTPUTF8 parameter',
    reference: 'RFC 6531 §3.4',
    help: 'Give the SMTPUTF8 parameter, and encode domain names as A-labels for servers without it.',
  },
  'duplicate-recipient': {
    severity: 'info',
    message: 'A recipient is named more than once',
    reference: null,
    help: 'Name each recipient once: some servers deliver a copy for each.',
  },
  'size-understated': {
    severity: 'warning',
    message: 'The message is larger than the SIZE parameter of MAIL',
    reference: 'RFC 1870 §6.1',
    help: 'Declare the size with line ends as CRLF; servers may refuse a message that is larger than declared.',
  },
  '8bit-without-8bitmime': {
    severity: 'warning',
    message: 'The body has octets above 127, but MAIL has no BODY=8BITMIME parameter',
    reference: 'RFC 6152 §3',
    help: 'Give BODY=8BITMIME where the server offers it, or encode the body.',
  },
  'utf8-header-without-smtputf8': {
    severity: 'error',
    message: 'The header has octets above 127, but MAIL has no SMTPUTF8 parameter',
    reference: 'RFC 6532 §3.6, RFC 5322 §2.2',
    help: 'Encode header text according to RFC 2047, or add the SMTPUTF8 parameter.',
  },
  'bare-lf': {
    severity: 'error',
    message: 'A line ends with a bare line feed instead of CRLF',
    reference: 'RFC 5321 §2.3.8',
    help: 'Convert line ends to CRLF before sending; strict servers refuse the message.',
  },
  'bare-cr': {
    severity: 'error',
    message: 'The message has a carriage return without a line feed after it',
    reference: 'RFC 5321 §2.3.8',
    help: 'Send CR only as part of CRLF.',
  },
  'nul-octet': {
    severity: 'error',
    message: 'The message has a NUL octet',
    reference: 'RFC 5322 §2.2, §4',
    help: 'Encode binary content as base64.',
  },
  'line-too-long': {
    severity: 'error',
    message: 'A line is longer than 998 octets',
    reference: 'RFC 5321 §4.5.3.1.6, RFC 5322 §2.1.1',
    help: 'Fold header lines; encode the body as quoted-printable or base64.',
  },
  'dot-not-stuffed': {
    severity: 'error',
    message: 'A line began with a dot that the client did not double, so the dot is lost',
    reference: 'RFC 5321 §4.5.2',
    help: 'Double the dot of every line that begins with one.',
  },
  'smuggling-sequence': {
    severity: 'error',
    message: 'The message has a line of one dot with line ends that some servers take for the end of data',
    reference: 'RFC 5321 §4.1.1.4',
    help: 'End the message with CRLF.CRLF only; similar sequences let an attacker smuggle in a second message.',
  },
  'header-too-large': {
    severity: 'warning',
    message: 'The header is larger than 100 KB, the limit of common servers',
    reference: null,
    help: 'Shorten the header fields.',
  },
  'header-line-malformed': {
    severity: 'error',
    message: 'A line of the header is not a field',
    reference: 'RFC 5322 §2.2',
    help: 'Write Name: value, and an empty line before the body.',
  },
  'missing-date': {
    severity: 'error',
    message: 'The Date field is missing',
    reference: 'RFC 5322 §3.6.1',
    help: 'Add a Date field, which every message must have.',
  },
  'missing-from': {
    severity: 'error',
    message: 'The From field is missing',
    reference: 'RFC 5322 §3.6.2',
    help: 'Add a From field, which every message must have.',
  },
  'missing-message-id': {
    severity: 'warning',
    message: 'The Message-ID field is missing',
    reference: 'RFC 5322 §3.6.4',
    help: 'Add a Message-ID, which every message should have; filters count a missing one as a sign of spam.',
  },
  'duplicate-header': {
    severity: 'error',
    message: 'A field that may occur only once occurs more than once',
    reference: 'RFC 5322 §3.6',
    help: 'Send the field once; large receivers refuse messages with two.',
  },
} as const satisfies Readonly<Record<string, CheckRule>>;

export type ProtocolRule = keyof typeof rules;

export const protocolRules: Readonly<Record<ProtocolRule, CheckRule>> = rules;

export const find = findingsOf<ProtocolRule>('protocol', rules);
