/** What can be wrong with a certificate on purpose. */

export const tlsFaults = ['expired', 'not-yet-valid', 'wrong-host', 'self-signed'] as const;
export type TlsFault = (typeof tlsFaults)[number];
