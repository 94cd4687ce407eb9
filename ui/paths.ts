/**
 * The addresses of the views, below the base path: `:name` is one piece, `:name?` one that may be missing. The router
 * is made from them, and so is `routes.json`, by which the server knows for which addresses to send the page.
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
