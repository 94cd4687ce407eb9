/**
 * Measures the web UI in a real browser with a list of 100,000 messages: opening, scrolling, and a burst of new
 * messages.
 */
import type { Page } from 'playwright-core';
import { launchBrowser } from '../helpers/browser.ts';
import { layoutShift } from '../helpers/page-state.ts';
import { LoadConnection, sampleMessage } from './load.ts';
import { absolute, median, type BenchContext, type BenchPart, type BenchRow } from './part.ts';
import { startRestante, type MeasuredServer } from './servers.ts';

const STORED = 100_000;
const BURST = 1000;
const CONNECTIONS = 8;
/**
 * Size of a message in octets: the speed of the list does not depend on the size, and small messages fill the store
 * faster.
 */
const SIZE = 900;
const SCREENS = 120;

async function fill({ smtp }: MeasuredServer, first: number, count: number): Promise<void> {
  let next = first;
  const end = first + count;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const connection = await LoadConnection.open(smtp.host, smtp.port);
      for (let n = next++; n < end; n = next++) {
        await connection.send('shop@example.test', `customer${n % 200}@example.test`, sampleMessage(n, SIZE));
      }
      await connection.quit();
    }),
  );
}

/** A script that records the intervals between frames and the long tasks from now on. */
const WATCH = `(() => {
  const watched = (window.watched = { gaps: [], tasks: [] });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) watched.tasks.push(entry.duration);
  }).observe({ type: 'longtask' });
  let last = performance.now();
  const frame = (now) => {
    watched.gaps.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})()`;

interface Watched {
  readonly gaps: readonly number[];
  readonly tasks: readonly number[];
}
/** An expression whose value is the time from the navigation to the first contentful paint, in milliseconds. */
const FIRST = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Infinity";

const watched = (page: Page): Promise<Watched> => page.evaluate<Watched>('window.watched');
const longest = (values: readonly number[]): number => Math.max(0, ...values);

async function measure(server: MeasuredServer, context: BenchContext): Promise<BenchRow[]> {
  const opened: number[] = [];
  const firsts: number[] = [];
  const shifts: number[] = [];
  const scrollTasks: number[] = [];
  const frames: number[] = [];
  const burstTasks: number[] = [];
  const burstTimes: number[] = [];
  const browser = await launchBrowser();
  try {
    for (let round = 0; round < context.rounds; round++) {
      context.progress(`ui: round ${round + 1} of ${context.rounds}`);
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      const started = performance.now();
      await page.goto(server.http ?? '');
      await page.locator('[data-message]').nth(5).waitFor();
      opened.push(performance.now() - started);
      await page.waitForLoadState('networkidle');
      shifts.push(await layoutShift(page));
      firsts.push(await page.evaluate<number>(FIRST));

      await page.evaluate(WATCH);
      await page.mouse.move(500, 500);
      for (let screen = 0; screen < SCREENS; screen++) await page.mouse.wheel(0, 700);
      const scrolled = await watched(page);
      scrollTasks.push(longest(scrolled.tasks));
      frames.push(1000 / median(scrolled.gaps));

      await page.locator('#messages [role=list]').evaluate('(list) => list.parentElement.scrollTo(0, 0)');
      await page.evaluate(WATCH);
      const began = performance.now();
      await fill(server, STORED + round * BURST, BURST);
      const total = (STORED + (round + 1) * BURST).toLocaleString('en');
      await page.getByText(`${total} messages`).waitFor();
      burstTimes.push(performance.now() - began);
      burstTasks.push(longest((await watched(page)).tasks));
      await page.close();
    }
  } finally {
    await browser.close();
  }
  // The tasks of a responsive page are short, so low values are better; only for the frame rate, a high value is
  // better.
  const burst = absolute('1,000 arrive: longest task', burstTasks, ' ms', '≤ 100 ms', 100);
  const shown = absolute(
    '1,000 arrive: sent and shown',
    burstTimes,
    ' ms',
    'page stays responsive',
    Infinity,
  );
  const scrolled = absolute('scroll it: frames', frames, '/s', '60/s', Infinity);
  return [
    absolute('first render', firsts, ' ms', '≤ 200 ms', 200),
    absolute('layout shift while it loads', shifts, '', '0', 0.01),
    absolute('open the list of 100,000 messages', opened, ' ms', '≤ 1 s', 1000),
    { ...scrolled, met: median(frames) >= 58 },
    absolute('scroll it: longest task', scrollTasks, ' ms', '≤ 100 ms', 100),
    burst,
    { ...shown, met: burst.met },
  ];
}

export const part: BenchPart = {
  name: 'ui',
  async run(context) {
    const server = await startRestante(['--memory', '--max-messages', '0']);
    try {
      context.progress(`ui: sending ${STORED} messages`);
      await fill(server, 0, STORED);
      return await measure(server, context);
    } finally {
      await server.stop();
    }
  },
};
