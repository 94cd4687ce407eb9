import path from 'node:path';
import { runDialogs } from '../helpers/dialog.ts';
import { imapWorld } from '../helpers/imap-dialog.ts';

runDialogs(path.join(import.meta.dirname, '../dialogs/imap'), imapWorld);
