/** Detects styles for dark mode in the HTML of a message. */

/**
 * Matches a media query for dark mode, the attributes by which Outlook marks changed colours, and a declared colour
 * scheme that includes dark.
 */
const DARK = /prefers-color-scheme\s*:\s*dark|\[data-ogs[cb]\]|color-scheme[^;>]{0,60}\bdark\b/i;

export const hasDarkStyles = (html: string): boolean => DARK.test(html);
