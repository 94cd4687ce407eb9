/** ID (RFC 2971). */
import { ANY_STATE, command } from '../command.ts';
import { decodeText, type Decoder } from '../decoder.ts';
import { list, string } from '../encoder.ts';

/** Most pairs a client may send (RFC 2971 §3.3), doubled. */
const MAX_STRINGS = 60;

export const id = command<readonly string[]>({
  name: 'ID',
  states: ANY_STATE,
  capabilities: ['ID'],
  parse(decoder) {
    decoder.sp();
    return decoder.acceptWord('NIL') ? [] : parsePairs(decoder);
  },
  async run(session, pairs) {
    session.log.debug({ id: pairs }, 'imap client');
    session.send(`* ID ${list(['name', 'Restante', 'version', session.context.version].map(string))}`);
    return undefined;
  },
});

function parsePairs(decoder: Decoder): string[] {
  const strings = decoder.list(() => decodeText(decoder.nstring() ?? Buffer.alloc(0)), true);
  if (strings.length % 2 !== 0 || strings.length > MAX_STRINGS) decoder.fail('pairs of field and value');
  return strings;
}
