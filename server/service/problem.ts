/** Converts the errors of the modules below the API surfaces to problems of the catalogue. */
import type { Problem } from '../../contract/index.ts';
import { problemOf, ProblemError } from '../../contract/problems.ts';
import { SmtpReply } from '../capture/submission.ts';
import { CheckRequestError } from '../checks/check.ts';
import { TooManyWaiting } from '../net/turns.ts';
import { ApplicationRefusal } from '../relay/application.ts';
import { AllowListError } from '../relay/allow-list.ts';
import { RelayRefusal, type RefusalCode } from '../relay/refusal.ts';
import { FileRuleError, RuleError } from '../rules/engine.ts';
import { QueryError } from '../store/find/language/ast.ts';
import { StoreError } from '../store/store.ts';

/** The HTTP status codes for releases that the relay refuses for a reason other than its policy. */
const REFUSAL_STATUS: Partial<Readonly<Record<RefusalCode, number>>> = {
  'bad-address': 400,
  'no-recipients': 400,
  'not-found': 404,
};

/** Returns the problem for an error that a module has thrown; `null` for an unexpected error. */
export function knownProblem(error: unknown): Problem | null {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof ApplicationRefusal) return problemOf('application-refused', { detail: error.message });
  if (error instanceof TooManyWaiting) return problemOf('busy', { detail: error.message });
  if (error instanceof CheckRequestError) return problemOf('bad-request', { detail: error.message });
  if (error instanceof QueryError) {
    return problemOf('query', { detail: error.message, position: error.position });
  }
  if (error instanceof RuleError) {
    const errors = error.problems.map(({ path, message }) => ({ path, message }));
    return problemOf('rule', { detail: error.message, errors });
  }
  if (error instanceof FileRuleError) return problemOf('file-rule', { detail: error.message });
  if (error instanceof AllowListError) {
    const { message: detail, problems } = error;
    return problems.length === 0
      ? problemOf('relay-refused', { detail })
      : problemOf('bad-request', { detail, errors: problems.map((one) => ({ ...one })) });
  }
  if (error instanceof RelayRefusal) {
    const { code, message, recipients } = error;
    const members = { detail: message, code, recipients: [...recipients] };
    return problemOf('relay-refused', members, REFUSAL_STATUS[code]);
  }
  if (error instanceof SmtpReply) {
    const detail = `${error.code} ${error.status ?? ''} ${error.message}`.replace('  ', ' ');
    return problemOf('refused', { detail });
  }
  if (error instanceof StoreError) return problemOf(error.code, { detail: error.message });
  return null;
}
