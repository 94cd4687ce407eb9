/** Tests in every engine the stage for a message: frames side by side, marked findings, elements and source lines. */
import { expect, it } from 'vitest';
import { startTestSandbox } from '../../helpers/sandbox.ts';
import { engineForFile, soon, type Page } from '../driver/index.ts';
import { send } from '../seed.ts';

const open = engineForFile();
async function choose(page: Page, name: string): Promise<void> {
  await page.click({ role: 'button', name: 'Frames side by side' });
  await page.click({ role: 'menuitem', name });
}

const HTML = [
  '<!doctype html><html lang="en"><head><title>t</title><style>',
  'body{margin:0} @media (prefers-color-scheme:dark){p{color:rgb(1,2,3)}}',
  '</style></head><body>',
  '<p style="height:80px">The first paragraph</p>',
  '<p style="height:80px;letter-spacing:1px">The second paragraph</p>',
  '<img src="https://x.test/a.png" width="40" height="40">',
  '</body></html>',
].join('\n');

async function openMail(page?: string): Promise<Page> {
  const sandbox = await startTestSandbox();
  await send(sandbox.smtp, [{ from: 'a@x.test', to: 'b@x.test', subject: 'Staged', text: 'x', html: HTML }]);
  const { messages } = await sandbox.json<{ messages: { id: string }[] }>('messages');
  return open(sandbox, `inbox/all/${messages[0]!.id}/${page ?? ''}`);
}
const inFrame = (at: number, expression: string) =>
  `((view) => view?.document.querySelector('p') ? ${expression} : null)(document.querySelectorAll('[data-stage] iframe')[${at}]?.contentWindow)`;

it('shows phone and desktop side by side, light and dark, scaled to fit', async () => {
  const page = await openMail();
  await choose(page, 'Phone and desktop, light and dark');
  await soon(() => page.count('[data-stage] iframe')).toBe(4);
  for (const [at, width, colour] of [
    [0, 375, 'rgb(0, 0, 0)'],
    [1, 1024, 'rgb(0, 0, 0)'],
    [2, 375, 'rgb(1, 2, 3)'],
    [3, 1024, 'rgb(1, 2, 3)'],
  ] as const) {
    await soon(() => page.evaluate(inFrame(at, 'view.innerWidth'))).toBe(width);
    const seen = "getComputedStyle(view.document.querySelector('p')).color";
    await soon(() => page.evaluate(inFrame(at, seen))).toBe(colour);
  }
  const overflow =
    "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('[data-stage]'))";
  expect(await page.evaluate(overflow)).toBe(0);
  // No frame may run scripts.
  const sandboxes = "[...document.querySelectorAll('iframe')].map((frame) => frame.getAttribute('sandbox'))";
  for (const value of await page.evaluate<string[]>(sandboxes)) expect(value).not.toContain('allow-scripts');
  await choose(page, 'Light and dark side by side');
  await soon(() => page.count('[data-stage] iframe')).toBe(2);
});

it('marks the findings on the message, and opens the source of a mark', async () => {
  const page = await openMail();
  await page.click({ role: 'button', name: 'Mark errors and warnings in the preview' });
  // The image has no alternative text, which is on line 6 of the HTML.
  const mark = { css: '[data-mark]', name: /alt/ } as const;
  await page.waitFor(mark);
  const place = `(() => {
    const mark = [...document.querySelectorAll('[data-mark]')].find((one) => /alt/.test(one.ariaLabel));
    const image = document.querySelector('iframe').contentDocument.images[0].getBoundingClientRect();
    const frame = document.querySelector('iframe').getBoundingClientRect();
    const { left, top } = mark.getBoundingClientRect();
    return [left - frame.left - image.left, top - frame.top - image.top].map(Math.round);
  })()`;
  await soon(() => page.evaluate(place)).toEqual([0, 0]);
  await page.evaluate(
    "[...document.querySelectorAll('[data-mark]')].find((one) => /alt/.test(one.ariaLabel)).focus()",
  );
  await page.press('Enter');
  await soon(() => page.attribute('[aria-current=true][data-line]', 'data-line')).toBe('6');
});

it('shows the source line of the element under the pointer, and the element of a source line', async () => {
  const page = await openMail();
  await page.click({ role: 'button', name: /^Inspect/ });
  await page.waitFor('[data-inspector]');
  const outline = () => page.text('[data-outline]');
  await page.click('[data-line="5"]');
  await soon(outline).toBe('<p> line 5');
  await page.evaluate("document.querySelector('[data-line]').closest('[role=region]').focus()");
  await page.press('ArrowUp');
  await soon(outline).toBe('<p> line 4');
  // Moves the pointer over the second paragraph.
  await page.evaluate(`(() => {
    const inspector = document.querySelector('[data-inspector]');
    const { left, top } = inspector.getBoundingClientRect();
    inspector.dispatchEvent(new PointerEvent('pointermove', { clientX: left + 60, clientY: top + 150, bubbles: true }));
  })()`);
  await soon(outline).toBe('<p> line 5');
  await soon(() => page.attribute('[aria-current=true][data-line]', 'data-line')).toBe('5');
});

it('shows the element of a finding in the preview', async () => {
  const page = await openMail('checks');
  const region = { role: 'region', name: 'Accessibility' } as const;
  await page.click({ role: 'button', name: 'Show in the preview', within: region });
  await soon(() => page.text('[data-outline]')).toMatch(/^<\w+> line \d+$/);
});
