/** The mail providers whose APIs Restante emulates. */
import type { ProviderName } from '../../contract/names.ts';
import { mailgun } from './mailgun/index.ts';
import { postmark } from './postmark/index.ts';
import type { Provider } from './provider.ts';
import { resend } from './resend/index.ts';
import { sendgrid } from './sendgrid/index.ts';

export const providers: Readonly<Record<ProviderName, Provider>> = { sendgrid, resend, postmark, mailgun };
