/** SMTP's refusals, for those who submit mail without speaking SMTP. */
export { SmtpReply } from '../smtp/handler.ts';
