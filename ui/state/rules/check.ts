/** Errors of the rule in the editor: the server checks the text after a pause in typing. */
import { watchDebounced } from '@vueuse/core';
import { shallowRef, watch, type Ref } from 'vue';
import type { RuleInput } from '../../../contract/index.ts';
import { client, RestanteError, wordsOf } from '../../client.ts';
import { lineOfPath } from '../../model/rules/json-place.ts';
import { strings as s } from '../../strings.ts';

export interface RuleProblem {
  /** Line of the text it is about, from 1; null when it is about all of it. */
  readonly line: number | null;
  readonly text: string;
}

/** Milliseconds without a key before the server is asked. */
const PAUSE = 300;

/** The rule, or what keeps the text from being JSON. */
export function parseRuleText(text: string): { rule: RuleInput } | { problem: RuleProblem } {
  try {
    return { rule: JSON.parse(text) as RuleInput };
  } catch (error) {
    return { problem: { line: null, text: s.rules.notJson(wordsOf(error)) } };
  }
}

const inPlace = (text: string, errors: readonly { path: string; message: string }[]): RuleProblem[] =>
  errors.map(({ path, message }) => ({
    line: path === '' ? null : lineOfPath(text, path),
    text: `${path} ${message}`.trim(),
  }));

/** Why the server refused a rule, with the lines it means. */
export function refusalOfRule(text: string, error: unknown): RuleProblem[] {
  const { errors = [] } = error instanceof RestanteError ? error.problem : {};
  return errors.length > 0 ? inPlace(text, errors) : [{ line: null, text: wordsOf(error) }];
}

/** Problems of the text for as long as the caller is there; null while it is not known. */
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
