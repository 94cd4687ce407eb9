/** Parses CSS colours and computes the contrast ratio of two colours (WCAG 2.2). */
import { NAMED_COLORS } from './named-colors.ts';

/** A colour: red, green and blue from 0 to 255, and an opacity from 0 to 1. */
export interface Color {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly alpha: number;
}

const opaque = (red: number, green: number, blue: number): Color => ({ red, green, blue, alpha: 1 });

export const WHITE = opaque(255, 255, 255);
export const BLACK = opaque(0, 0, 0);
export const TRANSPARENT: Color = { red: 0, green: 0, blue: 0, alpha: 0 };

function fromHex(digits: string): Color | null {
  const long = digits.length < 6 ? digits.replace(/./g, '$&$&') : digits;
  if (!/^([\da-f]{6}|[\da-f]{8})$/.test(long)) return null;
  const octet = (at: number): number => parseInt(long.slice(at, at + 2), 16);
  return { ...opaque(octet(0), octet(2), octet(4)), alpha: long.length === 8 ? octet(6) / 255 : 1 };
}

const clamp = (value: number, most: number): number => Math.min(most, Math.max(0, value));

/** Parses a number or a percentage; a percentage is converted to that share of `whole`. */
function amount(text: string, whole: number): number {
  return text.endsWith('%') ? (parseFloat(text) / 100) * whole : parseFloat(text);
}

/** Converts an HSL colour to RGB (CSS Color 4 §7.1). */
function fromHsl(hue: number, saturation: number, lightness: number, alpha: number): Color {
  const channel = (n: number): number => {
    const k = (n + hue / 30) % 12;
    const a = saturation * Math.min(lightness, 1 - lightness);
    return (lightness - a * Math.max(-1, Math.min(k - 3, 9 - k, 1))) * 255;
  };
  return { red: channel(0), green: channel(8), blue: channel(4), alpha };
}

function fromFunction(name: string, list: string): Color | null {
  const parts = list.split(/[\s,/]+/).filter((part) => part !== '');
  const [first = '', second = '', third = '', fourth = '1'] = parts;
  const alpha = clamp(amount(fourth, 1), 1);
  if (parts.length < 3 || parts.some((part) => !/^[+-]?[\d.]+(%|deg)?$/.test(part))) return null;
  if (name.startsWith('rgb')) {
    const channel = (part: string): number => clamp(amount(part, 255), 255);
    return { red: channel(first), green: channel(second), blue: channel(third), alpha };
  }
  const hue = ((parseFloat(first) % 360) + 360) % 360;
  return fromHsl(hue, clamp(parseFloat(second) / 100, 1), clamp(parseFloat(third) / 100, 1), alpha);
}

/**
 * Parses a CSS colour: hexadecimal digits, a colour name, `rgb()` or `hsl()`. Returns `null` for any other
 * value, for example `var()`.
 */
export function parseColor(text: string): Color | null {
  const value = text.trim().toLowerCase();
  if (value.startsWith('#')) return fromHex(value.slice(1));
  if (value === 'transparent') return TRANSPARENT;
  const call = /^(rgba?|hsla?)\(([^()]*)\)$/.exec(value);
  if (call !== null) return fromFunction(call[1] ?? '', call[2] ?? '');
  const named = NAMED_COLORS.get(value);
  return named === undefined ? null : fromHex(named);
}

/** Parses the colour in an HTML attribute such as `bgcolor`, where hexadecimal digits need no `#`. */
export const parseAttributeColor = (text: string): Color | null => parseColor(text) ?? parseColor(`#${text}`);

/** Blends a colour with an opaque colour behind it. Returns the opaque result. */
export function over(front: Color, back: Color): Color {
  const mix = (a: number, b: number): number => a * front.alpha + b * (1 - front.alpha);
  return opaque(mix(front.red, back.red), mix(front.green, back.green), mix(front.blue, back.blue));
}

/** Returns the relative luminance of a colour (WCAG 2.2), from 0 for black to 1 for white. */
function luminance({ red, green, blue }: Color): number {
  const linear = (octet: number): number => {
    const share = octet / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** Returns the contrast ratio of two colours, from 1 for equal colours to 21 for black on white. */
export function contrast(a: Color, b: Color): number {
  const [lighter = 0, darker = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Returns a colour as `#rrggbb`, without its opacity. */
export function hex({ red, green, blue }: Color): string {
  const pair = (value: number): string => Math.round(value).toString(16).padStart(2, '0');
  return `#${pair(red)}${pair(green)}${pair(blue)}`;
}
