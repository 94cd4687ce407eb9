/** Runs the dialogue scripts of the rules. The setting `@rules` of a script contains the rules of the listener. */
import path from 'node:path';
import { startCapture } from '../helpers/capture.ts';
import { runDialogs, type StartWorld } from '../helpers/dialog.ts';

const start: StartWorld = async ({ rules = '[]' }) => {
  const { host, port, capture } = await startCapture();
  await capture.rules.putAll(JSON.parse(rules) as unknown[]);
  return { host, port };
};

runDialogs(path.join(import.meta.dirname, '../dialogs/rules'), start);
