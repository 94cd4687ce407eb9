/** The names of the faults that a deliberately invalid certificate can have. */

export const tlsFaults = ['expired', 'not-yet-valid', 'wrong-host', 'self-signed'] as const;
export type TlsFault = (typeof tlsFaults)[number];
