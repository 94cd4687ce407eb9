/**
 * The deviations from the grammar that are unambiguous and therefore accepted. A command with a deviation is
 * run, as in other servers, and the deviation is reported in the log and in the list of open sessions.
 */

/** Descriptions of the deviations for developers, each with the rule of the standard that the input breaks. */
export const DEVIATIONS = {
  'trailing-blank': 'a blank before the end of the line (RFC 9051 section 9, command)',
  'extra-space': 'more than one space between arguments (RFC 9051 section 9, SP)',
  'missing-space': 'no space between two arguments (RFC 9051 section 9, SP)',
  'extra-argument': 'an argument after a command that takes none (RFC 9051 section 9)',
  'missing-argument': 'an argument is missing (RFC 9051 section 9)',
  'missing-parentheses': 'parentheses are missing around an item (RFC 9051 section 9)',
  'empty-list': 'an empty list where the grammar wants an item (RFC 9051 section 9)',
  'quoted-word': 'quotes around a word or a number (RFC 9051 section 9)',
  'atom-character': '"%", "*" or a backslash in an unquoted string (RFC 9051 section 9, astring)',
  'quoted-escape': 'a backslash before a character that needs none (RFC 9051 section 9, quoted)',
  'utf7-name': 'a mailbox name that is not valid modified UTF-7 (RFC 3501 section 5.1.3)',
  date: 'a date that the grammar does not allow (RFC 9051 section 9, date-time and date)',
  'set-comma': 'a comma at the end of a message set (RFC 9051 section 9, sequence-set)',
  section: 'a part number or partial range that the grammar does not allow (RFC 9051 section 9)',
  'repeated-word': 'a word that stands twice (RFC 5256 section 3)',
  'id-pairs': 'a field without a value in ID (RFC 2971 section 4)',
  obsolete: 'an obsolete command',
} as const;

export type Deviation = keyof typeof DEVIATIONS;
