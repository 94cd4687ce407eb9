/** The calls for the spam report and the analysis of the HTML, with the results of Restante's checks. */
import { jsonAnswer } from '../answer.ts';
import type { Handler } from '../call.ts';
import { readSpam } from '../spam.ts';
import { notFound } from './errors.ts';
import { findMessage } from './message.ts';

export const getSpamReport: Handler = async (deps, call) => {
  const { listed } = await findMessage(deps, call);
  const { score, isSpam, required, rules } = await readSpam(deps, listed.summary.id);
  return jsonAnswer({
    report: {
      ResponseCode: 0,
      ResponseMessage: 'EX_OK',
      ResponseVersion: '1.1',
      Score: score,
      Spam: isSpam,
      Threshold: required,
      Details: rules.map(({ rule, score: points, description }) => ({
        Pts: points.toFixed(1),
        RuleName: rule,
        Description: description,
      })),
    },
  });
};

/** The details of the check `client-support`. */
interface ClientSupportDetails {
  readonly features: readonly {
    readonly slug: string;
    readonly clients: readonly { readonly client: string; readonly support: string }[];
  }[];
}

type Group = 'desktop' | 'mobile' | 'web';

/** Returns the group of a mail client, whose name has the form `family.platform`. */
function groupOf(client: string): Group {
  if (client.endsWith('webmail')) return 'web';
  return /\.(?:android|ios)$/.test(client) ? 'mobile' : 'desktop';
}

/** Returns the features of the HTML that mail clients do not support, with the names of these clients. */
export const analyzeHtml: Handler = async (deps, call) => {
  const { summary } = (await findMessage(deps, call)).listed;
  if (!summary.hasHtml)
    return jsonAnswer({ report: { status: 'error', msg: 'The message has no HTML part' } });
  const result = (await deps.checks.results(summary.id))?.find(({ check }) => check === 'client-support');
  if (result === undefined) throw notFound();
  const { features } = result.details as ClientSupportDetails;
  const { clientName } = await import('../../checks/client-support/support.ts');
  const errors = result.findings.map(({ rule, where }) => {
    const clients = features.find(({ slug }) => slug === rule)?.clients ?? [];
    const lacking = clients.filter(({ support }) => support === 'no').map(({ client }) => client);
    const named = (group: Group): string[] =>
      lacking.filter((client) => groupOf(client) === group).map(clientName);
    return {
      error_line: where?.decoded?.line ?? where?.line ?? 0,
      rule_name: rule,
      email_clients: { desktop: named('desktop'), mobile: named('mobile'), web: named('web') },
    };
  });
  return jsonAnswer({ report: { status: 'success', errors } });
};
