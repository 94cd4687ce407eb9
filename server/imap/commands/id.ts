/** ID (RFC 2971). */
import { ANY_STATE, command } from './command.ts';
import { decodeText, type Decoder } from '../wire/decoder.ts';
import { list, string } from '../wire/encoder.ts';

/** Fields and values of the thirty pairs that a client may send (RFC 2971 §3.3). */
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

/** Name and version of the client, if it has sent them. */
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
