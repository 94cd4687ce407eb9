/**
 * Magic addresses: recipient addresses that trigger an action without any rule. They are in domains under
 * `.test` (RFC 2606), which nobody can register. A local part that ends in `-reject-550`, `-temp-451`,
 * `-delay-3s`, `-bounce`, `-discard` or `-drop` triggers that action. Endings may be combined:
 * `bob-delay-2s-reject-550@example.test` waits and then refuses.
 */
import { canonicalAddress } from '../message/canonical-address.ts';
import type { BoundAction } from './action.ts';
import { actions } from './actions/index.ts';

const ENDING = /-(?:(reject|temp)-([45]\d\d)|delay-(\d+(?:ms|s|m))|(bounce|discard|drop))$/i;

interface MagicHit {
  /** The text that is displayed as the name of the rule for a magic address, which has no rule. */
  readonly name: string;
  readonly actions: readonly BoundAction[];
}

function bind(name: string, value: unknown): readonly BoundAction[] {
  const bound = actions.get(name)?.bind(value);
  return bound === undefined || 'problems' in bound ? [] : [bound];
}

function actionsOf([, refusal, code, delay, word]: RegExpExecArray): readonly BoundAction[] {
  if (refusal !== undefined) return bind('reject', code);
  if (delay !== undefined) return bind('delay', delay.toLowerCase());
  if (word?.toLowerCase() === 'drop') return bind('disconnect', true);
  return bind((word ?? '').toLowerCase(), true);
}

/** Returns the actions that a magic address triggers; `null` for all other addresses. */
export function magicOf(address: string): MagicHit | null {
  // A quick test excludes most addresses that are not magic. The test does not require an ASCII dot before
  // `test`, because IDNA permits other full stops.
  if (!/test\.?$/i.test(address)) return null;
  const canonical = canonicalAddress(address);
  const at = canonical.lastIndexOf('@');
  if (at === -1 || !canonical.endsWith('.test')) return null;
  // The ending that makes an address magic is also recognized before a sub-address (`+detail`), which is
  // removed here.
  let local = canonical.slice(0, at).replace(/\+.*$/, '');
  const found: BoundAction[][] = [];
  for (let match = ENDING.exec(local); match !== null; match = ENDING.exec(local)) {
    found.unshift([...actionsOf(match)]);
    local = local.slice(0, match.index);
  }
  return found.length === 0 ? null : { name: `address ${address}`, actions: found.flat() };
}
