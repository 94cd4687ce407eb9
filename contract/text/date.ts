/** Formats dates for mail. */

/**
 * Returns a date in the format of header fields (RFC 5322 §3.3), in UTC: `Mon, 23 Nov 2026 10:00:00 +0000`.
 * @param instant milliseconds since the epoch
 */
export const mailDate = (instant: number): string => new Date(instant).toUTCString().replace(/GMT$/, '+0000');

/** The English names of weekdays and months, at the index that `getUTCDay` and `getUTCMonth` return. */
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
