/** Tests the detection of styles for dark mode. */
import { expect, it } from 'vitest';
import { hasDarkStyles } from '../../../../ui/model/message/dark-styles.ts';

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
