/** Returns the URL of a database without its password, in a form that may be displayed. */
export function locationOf(url: string): string {
  if (!URL.canParse(url)) return 'postgres';
  const shown = new URL(url);
  shown.password = '';
  shown.search = '';
  return shown.href;
}
