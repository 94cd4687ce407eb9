/**
 * Counts the changes of each collection of records (rules, deliveries), so that components can watch the
 * counts.
 */
import { reactive } from 'vue';
import type { Event } from '../../../contract/index.ts';

export type Collection = 'deliveries' | 'rules' | 'webhook-deliveries';

export const recordChanges = reactive<Record<Collection, number>>({
  deliveries: 0,
  rules: 0,
  'webhook-deliveries': 0,
});

/** Counts the changes of stored records (such as rule counters) that the event stream reports. */
export function noteRecords(events: readonly Event[]): void {
  for (const event of events) {
    if (event.type === 'record' && /^rule-(order|counts)$/.test(event.collection)) {
      recordChanges.rules++;
    } else if (event.type === 'record' && Object.hasOwn(recordChanges, event.collection)) {
      recordChanges[event.collection as Collection]++;
    } else if (event.type === 'hello' && event.gap) {
      for (const collection of Object.keys(recordChanges) as Collection[]) recordChanges[collection]++;
    }
  }
}
