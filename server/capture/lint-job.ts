/** The protocol lint of a large message, for a thread. */
import type { Envelope } from '../message/envelope.ts';
import type { Finding } from '../message/finding.ts';
import { lint, type Manner } from '../smtp/lint/index.ts';
import type { Job } from '../thread/job.ts';
import { bufferOf, type JobOctets } from '../thread/message-octets.ts';

interface LintInput {
  readonly raw: JobOctets;
  readonly envelope: Envelope;
  readonly manner: Manner;
}

export const job: Job<LintInput, readonly Finding[]> = {
  name: 'lint',
  run: async ({ raw, envelope, manner }) => lint(await bufferOf(raw), envelope, manner),
};
