/** Checks the rule in the editor: the text is sent to the server after a pause in typing. */
import { watchDebounced } from '@vueuse/core';
import { shallowRef, watch, type Ref } from 'vue';
import type { RuleInput } from '../../../contract/index.ts';
import { client, RestanteError, wordsOf } from '../../client.ts';
import { lineOfPath } from '../../model/rules/json-place.ts';
import type { RuleProblem } from '../../model/rules/problems.ts';
import { strings as s } from '../../strings.ts';

/** The time without a key press before the text is sent to the server, in milliseconds. */
const PAUSE = 300;

/** Parses the text of a rule as JSON; returns the rule, or the syntax error. */
export function parseRuleText(text: string): { rule: RuleInput } | { problem: RuleProblem } {
  try {
    return { rule: JSON.parse(text) as RuleInput };
  } catch (error) {
    return { problem: { path: '', line: null, message: s.rules.notJson(wordsOf(error)) } };
  }
}

const inPlace = (text: string, errors: readonly { path: string; message: string }[]): RuleProblem[] =>
  errors.map(({ path, message }) => ({
    path,
    line: path === '' ? null : lineOfPath(text, path),
    message,
  }));

/** Converts the error of a refused request to problems of the rule, with their lines in the text. */
export function refusalOfRule(text: string, error: unknown): RuleProblem[] {
  const { errors = [] } = error instanceof RestanteError ? error.problem : {};
  return errors.length > 0 ? inPlace(text, errors) : [{ path: '', line: null, message: wordsOf(error) }];
}

/**
 * Checks the text of a rule while the calling component exists; returns the problems, which are null until
 * the server has responded.
 */
export function useRuleCheck(text: Ref<string>) {
  const problems = shallowRef<readonly RuleProblem[] | null>(null);
  watch(text, () => (problems.value = null));
  watchDebounced(
    text,
    async (written) => {
      const parsed = parseRuleText(written);
      if ('problem' in parsed) {
        problems.value = [parsed.problem];
        return;
      }
      try {
        const { errors } = await client.checkRule(parsed.rule);
        if (text.value === written) problems.value = inPlace(written, errors);
      } catch (error) {
        if (text.value === written) problems.value = refusalOfRule(written, error);
      }
    },
    { debounce: PAUSE, immediate: true },
  );
  return problems;
}
