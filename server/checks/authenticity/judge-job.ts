/**
 * The job of a worker thread that evaluates a message with the library mailauth and converts the verdicts of
 * mailauth to findings.
 */
import type { Job } from '../../thread/job.ts';
import type { CheckOutcome, CheckRequest } from '../check.ts';
import { CheckedMessage } from '../checked-message.ts';
import { dkimFindings } from './dkim.ts';
import { lookupIn, type Lookup } from './names.ts';
import { policyFindings } from './policies.ts';
import { spfFindings } from './spf.ts';
import type { DmarcVerdict, SignatureVerdict, SpfVerdict, Verdicts } from './verdicts.ts';
import type { Zone } from './zone-file.ts';

export interface JudgeInput {
  readonly raw: Uint8Array;
  /** The presumed sender of the message: the client's IP address, its EHLO name and the reverse-path. */
  readonly sender: CheckRequest;
  readonly zone: Zone;
  /** The DNS server: `system`, the `HOST:PORT` of a server, or `off` to send no DNS requests. */
  readonly dns: string;
}

const NOBODY = { from: { address: '', parameters: {} }, to: [] };

async function authenticate(
  raw: Buffer,
  { helo, mailFrom }: CheckRequest,
  ip: string | null,
  lookup: Lookup,
): Promise<Verdicts> {
  const { default: mailauth } = await import('mailauth');
  const verdicts = await mailauth.authenticate(raw, {
    // Without a sender, mailauth evaluates SPF for the HELO name, which RFC 7208 §2.4 requires for the null
    // reverse-path.
    ...(mailFrom === undefined || mailFrom === '' ? {} : { sender: mailFrom }),
    ...(ip === null ? {} : { ip }),
    ...(helo === undefined ? {} : { helo }),
    mta: 'restante',
    // The types of mailauth are too narrow: the code of mailauth accepts every answer of `dns.resolve`.
    resolver: lookup as (name: string, type: string) => Promise<string[][]>,
  });
  return verdicts as unknown as Verdicts;
}

const spfDetails = (spf: SpfVerdict): unknown => ({
  ...spf.status,
  domain: spf.domain,
  record: spf.rr ?? null,
  lookups: spf.lookups ?? null,
});

const signatureDetails = (one: SignatureVerdict): unknown => ({
  result: one.status.result,
  comment: one.status.comment ?? null,
  domain: one.signingDomain ?? null,
  selector: one.selector ?? null,
  algorithm: one.algo ?? null,
  canonicalization: one.format ?? null,
  signedFields: one.signingHeaders?.keys ?? null,
  bodyHash: one.bodyHash ?? null,
  bodyHashSigned: one.bodyHashExpecting ?? null,
  keyBits: one.modulusLength ?? null,
  record: one.rr ?? null,
  aligned: one.status.aligned ?? null,
});

const dmarcDetails = (dmarc: DmarcVerdict): unknown => ({
  result: dmarc.status.result,
  domain: dmarc.domain,
  policy: dmarc.policy ?? null,
  record: dmarc.rr ?? null,
  spfAligned: dmarc.alignment?.spf.result ?? null,
  dkimAligned: dmarc.alignment?.dkim.result ?? null,
});

const arcDetails = ({ status, i }: Exclude<Verdicts['arc'], false>): unknown => ({
  result: status.result,
  instances: i === false ? 0 : i,
});

const bimiDetails = ({ status, rr }: Exclude<Verdicts['bimi'], false>): unknown => ({
  result: status.result,
  comment: status.comment ?? null,
  record: rr ?? null,
});

const detailsOf = ({ spf, dkim, dmarc, arc, bimi, headers }: Verdicts, ip: string | null): unknown => ({
  ip,
  spf: spf === false || ip === null ? null : spfDetails(spf),
  dkim: dkim.results.map(signatureDetails),
  dmarc: dmarc === false ? null : dmarcDetails(dmarc),
  arc: arc === false ? null : arcDetails(arc),
  bimi: bimi === false ? null : bimiDetails(bimi),
  authenticationResults: headers,
});

export const job: Job<JudgeInput, CheckOutcome> = {
  name: 'authenticity',
  async run({ raw, sender, zone, dns }) {
    const message = new CheckedMessage(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength), NOBODY);
    const { ip = null } = sender;
    const verdicts = await authenticate(message.raw, sender, ip, lookupIn(zone, dns));
    const [from] = message.headers('From');
    const findings = [
      ...spfFindings(verdicts.spf, ip),
      ...dkimFindings(message, verdicts.dkim.results),
      ...policyFindings(verdicts, from === undefined ? null : message.placeOfField(from)),
    ];
    return { findings, score: null, details: detailsOf(verdicts, ip) };
  },
};
