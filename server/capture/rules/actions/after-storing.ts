/** What an action does once the message is stored: at once at `stored`, later at the stages before. */
import type { ActionContext, Stored } from '../action.ts';
import type { Stage } from '../stage.ts';

/** Stages at which it is known for whom the message is. */
export const afterRecipients: readonly Stage[] = ['rcpt', 'predata', 'data', 'stored'];

/** Does it without letting the reply wait. */
export function onceStored(
  { stored, plan, rule, world }: ActionContext,
  what: string,
  task: (stored: Stored) => Promise<void>,
): void {
  if (stored === null) plan.afterwards.push(task);
  else world.background(`rules: ${what} of “${rule.name}”`, () => task(stored));
}
