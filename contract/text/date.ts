/** Formats dates for the header fields of mail. */

/**
 * Returns a date in the format of header fields (RFC 5322 §3.3), in UTC: `Mon, 23 Nov 2026 10:00:00 +0000`.
 * @param instant milliseconds since the epoch
 */
export const mailDate = (instant: number): string => new Date(instant).toUTCString().replace(/GMT$/, '+0000');

/**
 * The English names of the days of the week and of the months. The indexes are those that `getUTCDay` and
 * `getUTCMonth` return.
 */
export const DAYS: readonly string[] = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
export const MONTHS: readonly string[] = [
  'Jan',
  'Feb',
  'Mar',
  'Apr',
  'May',
  'Jun',
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
];
