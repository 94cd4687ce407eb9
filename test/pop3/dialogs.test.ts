import path from 'node:path';
import { runDialogs } from '../helpers/dialog.ts';
import { pop3World } from '../helpers/pop3.ts';

runDialogs(path.join(import.meta.dirname, '../dialogs/pop3'), pop3World);
