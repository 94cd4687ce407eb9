/**
 * `npm run dev`: runs the server from its source and starts it again after each change; Vite serves the UI with live
 * reload and passes calls of the API on to the server. Like setup.js, this is plain JavaScript.
 */
import { watch } from 'node:fs';
import path from 'node:path';

/** The folders whose changes restart the server. */
const SOURCES = ['server', 'contract'];
/** Milliseconds without a further change after which the server is restarted: an editor saves several files. */
const SETTLE = 100;

/**
 * Returns a function that calls `listener` after each change of the sources; that function returns a function that
 * stops watching.
 */
function watchSources(root) {
  const listeners = new Set();
  let timer;
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => [...listeners].forEach((listener) => listener()), SETTLE);
  };
  for (const folder of SOURCES) watch(path.join(root, folder), { recursive: true }, changed);
  return (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
}

/**
 * Returns a function that receives output in pieces and calls `onReady` once, with the address of the web UI if
 * there is one.
 */
function readinessReader(onReady) {
  let text = '';
  let ready = false;
  return (chunk) => {
    process.stdout.write(chunk);
    if (ready) return;
    text += chunk;
    if (!/^Restante .* is ready\.[^]*^Stop it/m.test(text)) return;
    ready = true;
    onReady(/^ +Web UI and API +(\S+)/m.exec(text)?.[1]);
  };
}

/**
 * Runs the server until it ends on its own: before it was ever ready (for example after `--help` or an unknown option),
 * or with code 0 (after a signal). A server that crashes later, or that a change broke, is started again after the next
 * change. Resolves with the exit code.
 */
async function serve(args, { root, run, say, isEnding }, onReady) {
  const onChange = watchSources(root);
  let wasReady = false;
  for (;;) {
    let isStale = false;
    let child;
    const stopWatching = onChange(() => {
      isStale = true;
      child.kill('SIGTERM');
    });
    const code = await run(process.execPath, ['--import', 'tsx', 'server/main.ts', ...args], {
      started: (process) => (child = process),
      read: readinessReader((url) => {
        if (!wasReady) onReady(url);
        wasReady = true;
      }),
    });
    stopWatching();
    if (isEnding()) return code;
    if (isStale) continue;
    if (!wasReady || code === 0) return code;
    say(`The server ended with code ${code}. It starts again after the next change of its source.`);
    await new Promise((resolve) => {
      const stop = onChange(() => {
        stop();
        resolve();
      });
    });
  }
}

/**
 * Runs the server and, when the server is ready, Vite. Resolves with the exit code of the process that ends first;
 * setup.js then ends the other.
 *
 * @param args options of Restante
 */
export function dev(args, world) {
  return new Promise((resolve) => {
    const runVite = async (url) => {
      if (url === undefined) return;
      world.say('That address serves the UI as it was last built; Vite serves it with live reload:');
      const options = ['--config', 'ui/vite.config.ts', '--clearScreen', 'false'];
      resolve(await world.run(world.bin('vite'), options, { env: { RESTANTE_URL: url } }));
    };
    serve(args, world, (url) => void runVite(url)).then(resolve);
  });
}
