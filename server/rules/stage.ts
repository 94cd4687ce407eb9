/** The stages of the SMTP dialogue at which rules are asked. */

/**
 * Where a rule is asked, in protocol order: before the greeting, at HELO or EHLO, at STARTTLS, after AUTH was
 * proved, at MAIL, at each RCPT, before DATA's 354, after the final
 * dot, and when the message is about to be stored.
 */
export const stages = [
  'connect',
  'helo',
  'starttls',
  'auth',
  'mail',
  'rcpt',
  'predata',
  'data',
  'stored',
] as const;
export type Stage = (typeof stages)[number];
