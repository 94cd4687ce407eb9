/** A date as mail writes it (RFC 5322 §3.3), in UTC. */
export const mailDate = (instant: number): string => new Date(instant).toUTCString().replace(/GMT$/, '+0000');
