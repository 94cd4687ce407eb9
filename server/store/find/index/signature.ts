/** The signature of a message: the columns of all trigrams of all texts that a search may examine. */
import type { Candidate } from '../language/candidate.ts';
import { visitEveryText } from '../language/fields.ts';
import { Signature } from './trigrams.ts';

const signature = new Signature();

/** Returns the columns of a message, each once, in any order. */
export function signatureOf(candidate: Candidate): Uint16Array {
  signature.clear();
  visitEveryText(candidate, (folded) => {
    signature.add(folded);
    return false;
  });
  return Uint16Array.from(signature.columns);
}
