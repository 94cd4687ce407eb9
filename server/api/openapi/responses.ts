/** The responses of the OpenAPI document to failed calls: problem documents, grouped by their status. */
import { problemCodes, problems, type ProblemCode } from '../../../contract/problems.ts';

/**
 * The problems that every operation can return. Problems that the HTTP server itself reports, such as header
 * fields that are too long, are not listed: the response `default` describes them.
 */
const EVERY: readonly ProblemCode[] = ['bad-request', 'login', 'origin', 'host', 'internal', 'closing'];
/** The problems that only operations with a request body can return. */
const WITH_BODY: readonly ProblemCode[] = ['too-large', 'media-type'];

const PROBLEM_JSON = 'application/problem+json';

/** Returns the HTTP statuses of the responses that report a problem, the usual status first. */
function statusesOf(code: ProblemCode): readonly number[] {
  const kind: { readonly status: number; readonly otherStatuses?: readonly number[] } = problems[code];
  return [kind.status, ...(kind.otherStatuses ?? [])];
}

/** The HTTP statuses of all problems, ascending. The document lists the responses of an operation in this order. */
const statuses = [...new Set(problemCodes.flatMap(statusesOf))].sort((a, b) => a - b);

/** The description of problem documents: the name of each problem with its HTTP statuses and its cause. */
export const problemsText = [
  'A problem document (RFC 9457). Its `type` is `urn:restante:` followed by one of these names:',
  '',
  ...problemCodes.map((code) => `- \`${code}\` (${statusesOf(code).join(', ')}): ${problems[code].when}`),
].join('\n');

const responseWith = (description: string, schema: string) => ({
  description,
  content: { [PROBLEM_JSON]: { schema: { $ref: `#/components/schemas/${schema}` } } },
});

/**
 * The reusable responses of the document by component name: one for each HTTP status, named by the status (`404`),
 * which keeps the document small; `NoMatch` for a wait that timed out; and `AnyProblem` for all other failures.
 */
export const problemResponses: Readonly<Record<string, object>> = {
  AnyProblem: responseWith('A problem of the HTTP server', 'Problem'),
  NoMatch: responseWith(problems['wait-timeout'].when, 'WaitTimeout'),
  ...Object.fromEntries(
    statuses.map((status) => {
      const codes = problemCodes.filter(
        (code) => code !== 'wait-timeout' && statusesOf(code).includes(status),
      );
      return [String(status), responseWith(codes.map((code) => `\`${code}\``).join(', '), 'Problem')];
    }),
  ),
};

/** Returns references to the responses of an operation to failed calls, by HTTP status. */
export function failuresOf(
  specific: readonly ProblemCode[],
  hasBody: boolean,
): Readonly<Record<string, { readonly $ref: string }>> {
  const codes = [...EVERY, ...(hasBody ? WITH_BODY : []), ...specific];
  const found = new Set(codes.flatMap(statusesOf));
  const responses = statuses
    .filter((status) => found.has(status))
    .map((status) => {
      const isTimeout = status === 404 && specific.includes('wait-timeout');
      const name = isTimeout ? 'NoMatch' : String(status);
      return [status, { $ref: `#/components/responses/${name}` }] as const;
    });
  const byStatus: Record<string, { readonly $ref: string }> = Object.fromEntries(responses);
  return { ...byStatus, default: { $ref: '#/components/responses/AnyProblem' } };
}
