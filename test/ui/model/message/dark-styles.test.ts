/** Tests the detection of styles for dark mode. */
import { expect, it } from 'vitest';
import { hasDarkStyles, withScheme } from '../../../../ui/model/message/dark-styles.ts';

it.each([
  ['<style>@media (prefers-color-scheme: dark) { body { background: #000 } }</style>', true],
  ['<style>[data-ogsc] h1 { color: #fff }</style>', true],
  ['<meta name="color-scheme" content="light dark">', true],
  ['<style>:root { color-scheme: light dark }</style>', true],
  ['<style>:root { color-scheme: light only }</style><p>A dark night</p>', false],
  ['<p style="background: #000">Dark by itself</p>', false],
])('of %j: %j', (html, expected) => {
  expect(hasDarkStyles(html)).toBe(expected);
});

it.each([
  ['(prefers-color-scheme: dark)', '(min-width: 0px)', '(max-width: -1px)'],
  ['(PREFERS-COLOR-SCHEME:light)', '(max-width: -1px)', '(min-width: 0px)'],
  ['(prefers-color-scheme)', '(min-width: 0px)', '(min-width: 0px)'],
  [
    'screen and ( prefers-color-scheme : dark ) and (max-width: 600px), print',
    'screen and (min-width: 0px) and (max-width: 600px), print',
    'screen and (max-width: -1px) and (max-width: 600px), print',
  ],
  ['screen and (max-width: 600px)', 'screen and (max-width: 600px)', 'screen and (max-width: 600px)'],
])('evaluates the colour scheme in the media query %s', (query, dark, light) => {
  expect([withScheme(query, true), withScheme(query, false)]).toEqual([dark, light]);
});
