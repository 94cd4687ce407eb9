/** The state of the rules view: the list of rules, and the rule in the editor. */
import { onUnmounted, watch } from 'vue';
import type { Rule, RuleInput } from '../../../contract/index.ts';
import { blankRule, ruleText, writtenRule } from '../../model/rules/rule-templates.ts';
import { router } from '../../router.ts';
import { editedRule } from '../shared/dialogs.ts';
import { useRules } from './rules.ts';

export function useRulesView() {
  const { rules, failure, load } = useRules();
  const route = router.currentRoute;

  const edit = (rule: Rule): void => void (editedRule.value = { rule, text: ruleText(writtenRule(rule)) });
  const add = (rule: RuleInput = blankRule): void =>
    void (editedRule.value = { rule: null, text: ruleText(rule) });

  // The command palette opens a rule by writing the rule's id into the URL of the page.
  watch([rules, () => route.value.query.edit], ([list, id]) => {
    const rule = list?.find((one) => one.id === id);
    if (rule !== undefined && editedRule.value === null) edit(rule);
  });

  function close(): void {
    editedRule.value = null;
    if (route.value.query.edit !== undefined) void router.replace({ name: 'rules' });
    void load();
  }
  onUnmounted(() => (editedRule.value = null));

  return { rules, failure, editedRule, edit, add, close };
}
