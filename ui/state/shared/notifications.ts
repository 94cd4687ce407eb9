/** Browser notifications of new mail while the page is hidden, if the settings allow them. */
import type { Event } from '../../../contract/index.ts';
import { people } from '../../format.ts';
import { ALL, inboxAt, router } from '../../router.ts';
import { strings as s } from '../../strings.ts';
import { notifyOnArrival } from './settings.ts';
import { notify } from './toasts.ts';

export async function toggleNotifications(): Promise<void> {
  if (notifyOnArrival.value) {
    notifyOnArrival.value = false;
    return;
  }
  if (!('Notification' in window) || (await Notification.requestPermission()) !== 'granted') {
    notify(s.settings.notificationsDenied, { tone: 'danger' });
    return;
  }
  notifyOnArrival.value = true;
}

/** Shows one notification for all messages that arrived in a batch of events; a click opens the newest message. */
export function announceArrivals(events: readonly Event[]): void {
  if (!notifyOnArrival.value || document.visibilityState === 'visible') return;
  const messages = events.flatMap((event) => (event.type === 'message' ? [event.message] : []));
  const last = messages.at(-1);
  if (last === undefined) return;
  const title = messages.length === 1 ? last.subject || s.noSubject : s.settings.arrived(messages.length);
  const notification = new Notification(title, { body: people(last.from), tag: 'restante' });
  notification.onclick = () => {
    focus();
    void router.push(inboxAt(ALL, { id: last.id }));
    notification.close();
  };
}
