/** Returns the URL of a database without its password, to show it. */
export function locationOf(url: string): string {
  if (!URL.canParse(url)) return 'postgres';
  const shown = new URL(url);
  shown.password = '';
  shown.search = '';
  return shown.href;
}
