/**
 * The path patterns of the views, relative to the base path: `:name` is one segment, `:name?` an optional
 * segment. The router uses the patterns, and so does the file `routes.json`, from which the server knows the
 * paths for which it sends the page.
 */
export const paths = {
  home: '/',
  inbox: '/inbox/:account/:id?/:tab?',
  compare: '/compare/:left/:right/:view?',
  watch: '/watch/:account',
  accounts: '/accounts',
  rules: '/rules',
  relay: '/relay',
  server: '/server',
} as const;
