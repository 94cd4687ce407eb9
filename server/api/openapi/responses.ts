/** The responses of the OpenAPI document to failed calls: problem documents, grouped by their status. */
import { STATUS_CODES } from 'node:http';
import { problemCodes, problems, type ProblemCode } from '../../../contract/problems.ts';

/**
 * The problems that every operation can return. The problems of the HTTP server, such as header fields that are too
 * long, are those of the response `default`.
 */
const EVERY: readonly ProblemCode[] = ['bad-request', 'login', 'origin', 'host', 'internal', 'closing'];
/** The problems of operations whose request has a body. */
const WITH_BODY: readonly ProblemCode[] = ['too-large', 'media-type'];

const PROBLEM_JSON = 'application/problem+json';

/** The statuses with which a problem is returned, the usual one first. */
function statusesOf(code: ProblemCode): readonly number[] {
  const kind: { readonly status: number; readonly otherStatuses?: readonly number[] } = problems[code];
  return [kind.status, ...(kind.otherStatuses ?? [])];
}

/** The statuses of problems, which the document lists in this order. */
const statuses = [...new Set(problemCodes.flatMap(statusesOf))].sort((a, b) => a - b);

const nameOf = (status: number): string =>
  (STATUS_CODES[status] ?? String(status)).replaceAll(/[^a-z]/gi, '');

/** The description of problem documents: the names of all problems, with the statuses with which they are returned. */
export const problemsText = [
  'A problem document (RFC 9457). Its `type` is `urn:restante:` followed by one of these names:',
  '',
  ...problemCodes.map((code) => `- \`${code}\` (${statusesOf(code).join(', ')}): ${problems[code].when}`),
].join('\n');

const responseWith = (description: string, schema: string) => ({
  description,
  content: { [PROBLEM_JSON]: { schema: { $ref: `#/components/schemas/${schema}` } } },
});

/** The response of each status, by its name, and two responses with other names. */
export const problemResponses: Readonly<Record<string, object>> = {
  AnyProblem: responseWith('A problem of the HTTP server', 'Problem'),
  NoMatch: responseWith(problems['wait-timeout'].when, 'WaitTimeout'),
  ...Object.fromEntries(
    statuses.map((status) => {
      const codes = problemCodes.filter(
        (code) => code !== 'wait-timeout' && statusesOf(code).includes(status),
      );
      return [nameOf(status), responseWith(codes.map((code) => `\`${code}\``).join(', '), 'Problem')];
    }),
  ),
};

/** Returns the responses of an operation to failed calls, by status. */
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
      const name = isTimeout ? 'NoMatch' : nameOf(status);
      return [status, { $ref: `#/components/responses/${name}` }] as const;
    });
  const byStatus: Record<string, { readonly $ref: string }> = Object.fromEntries(responses);
  return { ...byStatus, default: { $ref: '#/components/responses/AnyProblem' } };
}
