/** Converts mailauth's verdicts on DMARC, ARC and BIMI to findings. */
import type { Finding } from '../../message/finding.ts';
import type { FindingPlace } from '../../message/finding.ts';
import { find } from './catalogue.ts';
import { reasonOf } from './spf.ts';
import type { DmarcVerdict, Verdicts } from './verdicts.ts';

function* dmarcFindings(dmarc: DmarcVerdict | false, from: FindingPlace | null): Generator<Finding> {
  if (dmarc === false) {
    yield find('dmarc-no-from', from);
    return;
  }
  const { domain, policy = 'none', status } = dmarc;
  switch (status.result) {
    case 'none':
      yield find('dmarc-none', from, { message: `${domain} has no DMARC record` });
      return;
    case 'temperror':
      yield find('dmarc-temperror', from, {
        message: `DMARC of ${domain} could not be checked${reasonOf(dmarc.error)}`,
      });
      return;
    case 'fail': {
      const does =
        policy === 'none'
          ? 'tells receivers to deliver the message all the same'
          : `tells receivers to ${policy} it`;
      yield find('dmarc-fail', from, {
        severity: policy === 'none' ? 'warning' : 'error',
        message: `DMARC fails: neither SPF nor DKIM passes for ${domain}, whose policy ${does}`,
      });
      return;
    }
    default:
      if (policy === 'none') {
        yield find('dmarc-lax', from, { message: `DMARC passes, but the policy of ${domain} is p=none` });
      }
  }
}

export function* policyFindings(
  { dmarc, arc, bimi }: Verdicts,
  from: FindingPlace | null,
): Generator<Finding> {
  yield* dmarcFindings(dmarc, from);
  if (arc !== false && arc.status.result === 'fail') {
    yield find('arc-fail', null, {
      message: `The chain of ARC seals is broken${reasonOf(arc.status.comment)}`,
    });
  }
  if (bimi === false) return;
  const { result, comment } = bimi.status;
  if (result === 'fail' || result === 'temperr') {
    yield find('bimi-fail', null, { message: `The BIMI record cannot be used${reasonOf(comment)}` });
  } else if (result === 'skipped') {
    yield find('bimi-skipped', null, { message: `No BIMI logo would be shown${reasonOf(comment)}` });
  }
}
