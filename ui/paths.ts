/**
 * The path patterns of the views, below the base path: `:name` is one segment, `:name?` an optional one. The router
 * uses them, and so does `routes.json`, by which the server knows the paths for which it sends the page.
 */
export const paths = {
  home: '/',
  inbox: '/inbox/:account/:id?/:tab?',
  compare: '/compare/:left/:right/:view?',
  accounts: '/accounts',
  rules: '/rules',
  relay: '/relay',
  server: '/server',
} as const;
