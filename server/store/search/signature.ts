/** The signature of a message: the columns of every trigram of every text that a search may look through. */
import type { Candidate } from '../query/candidate.ts';
import { lookAtEverything } from '../query/fields.ts';
import { Signature } from './trigrams.ts';

const signature = new Signature();

/** Each column once, in no order. */
export function signatureOf(candidate: Candidate): Uint16Array {
  signature.clear();
  lookAtEverything(candidate, (folded) => {
    signature.add(folded);
    return false;
  });
  return Uint16Array.from(signature.columns);
}
