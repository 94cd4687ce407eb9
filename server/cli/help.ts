/** `--help`: made from the table of options, so that it is complete. */
import { flagName, optionKeys, options, variableName, type OptionKey } from '../config.ts';

const intro = `Restante: the mail sandbox for developers.

Usage
  restante [start] [options]                 Serve until stopped
  restante doctor [--repair] [--data DIR]    Check a data directory, and mend it
  restante import PATH… [--to URL | --data DIR] [--account ADDRESS]
                                             Bring in .eml files, mbox files and Maildirs
  restante export PATH [--format eml|mbox|maildir] [--from URL | --data DIR] [--account ADDRESS] [--query Q]
                                             Write captured mail out
  restante check FILE… [--fail-on error|warning|info] [--budget FILE] [--client NAME]… [--json]
                                             What real servers, filters and clients would say of messages
  restante sendmail [-t] [-i] [-f FROM] [-S HOST:PORT] [ADDRESS…]
                                             Send the message on standard input, as sendmail does
  restante healthcheck [options]             Exit 0 when the server with these options is ready

Options of start (flag > environment > restante.config.json > default)
`;

const outro = `  --config FILE                   Read options from this file      RESTANTE_CONFIG
  --help, --version

A switch is taken back with --no-…; a list in the environment is split at commas; keys of the file are the
names in camelCase, e.g. smtpPort.
`;

function shownDefault(key: OptionKey): string {
  const value: unknown = options[key].default;
  if (key === 'maxMessageSize') return ' [50MB]';
  if (typeof value === 'number') return value === 0 ? '' : ` [${value}]`;
  return typeof value === 'string' ? ` [${value}]` : '';
}

function line(key: OptionKey): string {
  const { placeholder, help } = options[key];
  const flag = placeholder === null ? flagName(key) : `${flagName(key)} ${placeholder}`;
  return `  ${flag.padEnd(31)} ${help}${shownDefault(key)}\n  ${' '.repeat(31)} ${variableName(key)}\n`;
}

export function helpText(): string {
  return intro + optionKeys.map(line).join('') + outro;
}
