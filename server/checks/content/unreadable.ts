/**
 * Finds content that most mail programs, and the other checks, cannot read: Outlook's winmail.dat, and
 * encrypted bodies.
 */
import { bodiesOf } from '../../message/bodies.ts';
import type { Finding } from '../../message/finding.ts';
import { encryptionOf, kindOf } from '../../message/part-kind.ts';
import { partNumber, partsOf } from '../../message/part.ts';
import type { CheckedMessage } from '../checked-message.ts';
import { find } from './catalogue.ts';

const FORMATS = { pgp: 'OpenPGP', smime: 'S/MIME' } as const;

export function* unreadableFindings(message: CheckedMessage): Generator<Finding> {
  const { raw, structure } = message;
  for (const part of partsOf(structure.root)) {
    if (kindOf(part) !== 'tnef') continue;
    yield find('winmail-dat', message.placeOfPart(part), {
      message: `Part ${partNumber(part)} is a winmail.dat, which only Outlook opens`,
    });
  }
  const encryption = encryptionOf(raw, structure, bodiesOf(structure));
  if (encryption !== null) {
    yield find('encrypted-body', message.placeOfPart(structure.root), {
      message: `The body is encrypted with ${FORMATS[encryption]}; the checks read only its header`,
    });
  }
}
