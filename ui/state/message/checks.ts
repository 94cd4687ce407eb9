/**
 * State of the checks: the findings on the open message, the chosen mail clients, and the line to highlight in the
 * source.
 */
import { useLocalStorage } from '@vueuse/core';
import { computed, onUnmounted, ref, shallowRef, watch } from 'vue';
import type { CheckName, CheckReport, CheckRun, Finding } from '../../../contract/index.ts';
import { client, wordsOf } from '../../client.ts';
import { htmlPlaces, type HtmlPlace } from '../../model/message/html-places.ts';
import { openTab } from '../shared/place.ts';
import { detail } from './open-message.ts';

/**
 * The mail clients that the user chose, as typed, for example `gmail.*, outlook.windows`; if empty, every
 * client.
 */
export const wantedClients = useLocalStorage('restante.clients', '');
export const report = shallowRef<CheckReport | null>(null);
/** The details of the check of client support. */
export const support = shallowRef<unknown>(null);
/** The details of live checks that have run, by the name of the check. */
export const details = shallowRef<Readonly<Partial<Record<CheckName, unknown>>>>({});
export const failure = ref('');
/** The name of the check that is running; null if no check is running. */
export const running = ref<CheckName | null>(null);
/** The line of the source that the source tab highlights, counted from 1, and the view that has this line. */
export const markedLine = shallowRef<{ readonly view: 'html' | 'raw'; readonly line: number } | null>(null);

let asked = 0;
/**
 * The id of the message to which the loaded report belongs, and the number of components that show the
 * report.
 */
let subject = '';
let shown = 0;

/**
 * Loads the findings of every check on a message. If several requests are pending, only the last response is
 * used.
 */
async function loadChecks(id: string): Promise<void> {
  const turn = ++asked;
  const query = wantedClients.value.trim() === '' ? {} : { clients: wantedClients.value };
  try {
    const [all, clients] = await Promise.all([
      client.checks(id, query),
      client.check(id, 'client-support', query),
    ]);
    const ran = all.checks.filter(({ live, ranAt }) => live && ranAt !== null);
    const each = await Promise.all(ran.map(async ({ check }) => (await client.check(id, check)).checks[0]));
    if (turn !== asked) return;
    details.value = Object.fromEntries<unknown>(
      each.flatMap((one) => (one === undefined ? [] : [[one.check, one.details] as const])),
    );
    report.value = all;
    support.value = clients.checks[0]?.details ?? null;
    failure.value = '';
  } catch (error) {
    if (turn === asked) failure.value = wordsOf(error);
  }
}

function forgetChecks(): void {
  asked++;
  report.value = null;
  details.value = {};
  support.value = null;
  failure.value = '';
}

/**
 * Loads the report of a message, and keeps it while a component shows it, so that a change of the tab does
 * not load the report again.
 * @param id returns the id of the message
 * @param after the delay before the request in milliseconds, so that stepping through the list sends no
 *   requests
 */
export function useChecks(id: () => string, after?: number): void {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  shown++;
  watch(
    [id, wantedClients],
    ([now]) => {
      if (now !== subject) forgetChecks();
      subject = now;
      clearTimeout(waiting);
      if (after === undefined) void loadChecks(now);
      else
        waiting = setTimeout(() => {
          if (report.value === null) void loadChecks(now);
        }, after);
    },
    { immediate: true },
  );
  onUnmounted(() => {
    clearTimeout(waiting);
    if (--shown === 0) forgetChecks();
  });
}

/** Runs a live check, which contacts other servers, and loads all findings again. */
export async function runCheck(id: string, name: CheckName, request: CheckRun): Promise<void> {
  running.value = name;
  try {
    await client.runCheck(id, name, request);
    await loadChecks(id);
  } catch (error) {
    failure.value = wordsOf(error);
  } finally {
    running.value = null;
  }
}

/** Opens the source tab at a line. */
function showLine(view: 'html' | 'raw', line: number): void {
  markedLine.value = { view, line };
  openTab('source', view);
}

/** Returns the place of a finding in the HTML of the open message; null for a finding about something else. */
export const htmlPlaceOf = computed<(finding: Finding) => HtmlPlace | null>(() =>
  detail.value === null ? () => null : htmlPlaces(detail.value),
);

/** Opens the source tab at the line to which a finding refers: of the HTML, or else of the raw message. */
export function showPlace(finding: Finding): void {
  const place = htmlPlaceOf.value(finding);
  if (place !== null) showLine('html', place.line);
  else if (finding.where?.line !== undefined) showLine('raw', finding.where.line);
}
