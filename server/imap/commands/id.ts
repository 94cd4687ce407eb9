/** ID (RFC 2971): the client and the server exchange their names and versions. */
import { ANY_STATE, command } from './command.ts';
import { decodeText, type Decoder } from '../wire/decoder.ts';
import { list, string } from '../wire/encoder.ts';

/** Maximum number of strings in the command: the names and values of thirty fields (RFC 2971 §3.3). */
const MAX_STRINGS = 60;

export const id = command<readonly string[]>({
  name: 'ID',
  states: ANY_STATE,
  capabilities: ['ID'],
  parse(decoder) {
    if (!decoder.acceptSp()) {
      decoder.deviate('missing-argument');
      return [];
    }
    return decoder.acceptWord('NIL') ? [] : parsePairs(decoder);
  },
  async run(session, pairs) {
    session.log.debug({ id: pairs }, 'imap client');
    session.client = nameOf(pairs) ?? session.client;
    session.send(`* ID ${list(['name', 'Restante', 'version', session.deps.version].map(string))}`);
    return undefined;
  },
});

/** Returns the name and the version of the client; `null` if the client has not sent a name. */
function nameOf(pairs: readonly string[]): string | null {
  const field = (name: string): string => {
    const at = pairs.findIndex((word, index) => index % 2 === 0 && word.toLowerCase() === name);
    return at < 0 ? '' : (pairs[at + 1] ?? '');
  };
  return `${field('name')} ${field('version')}`.trim() || null;
}

function parsePairs(decoder: Decoder): string[] {
  const strings = decoder.list(() => decodeText(decoder.nstring() ?? Buffer.alloc(0)), true);
  if (strings.length > MAX_STRINGS) decoder.fail('at most thirty pairs of field and value');
  if (strings.length % 2 !== 0) decoder.deviate('id-pairs');
  return strings;
}
