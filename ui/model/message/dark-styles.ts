/** Detects styles for dark mode in the HTML of a message, and evaluates them for a colour scheme. */

/**
 * Matches a media query for dark mode, the attributes by which Outlook marks changed colours, and a declared colour
 * scheme that includes dark.
 */
const DARK = /prefers-color-scheme\s*:\s*dark|\[data-ogs[cb]\]|color-scheme[^;>]{0,60}\bdark\b/i;

export const hasDarkStyles = (html: string): boolean => DARK.test(html);

/** Matches the media feature of the colour scheme, with or without a value. */
const FEATURE = /\(\s*prefers-color-scheme\s*(?::\s*(dark|light)\s*)?\)/gi;
/** Media features that are always true, and never true. */
const [ALWAYS, NEVER] = ['(min-width: 0px)', '(max-width: -1px)'];

/** Returns a media query with the result of its colour scheme features in place of these features. */
export const withScheme = (query: string, dark: boolean): string =>
  query.replaceAll(FEATURE, (_, scheme?: string) =>
    scheme === undefined || (scheme.toLowerCase() === 'dark') === dark ? ALWAYS : NEVER,
  );
