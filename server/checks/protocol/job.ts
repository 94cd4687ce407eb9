/** A job of a worker thread: runs the check `protocol` on a large message. */
import type { Envelope } from '../../message/envelope.ts';
import type { Finding } from '../../message/finding.ts';
import type { Manner } from '../../smtp/departure.ts';
import type { Job } from '../../thread/job.ts';
import { bufferOf, type JobOctets } from '../../thread/message-octets.ts';
import { protocolFindings } from './index.ts';

interface ProtocolInput {
  readonly raw: JobOctets;
  readonly envelope: Envelope;
  readonly manner: Manner;
}

export const job: Job<ProtocolInput, readonly Finding[]> = {
  name: 'protocol',
  run: async ({ raw, envelope, manner }) => protocolFindings(await bufferOf(raw), envelope, manner),
};
