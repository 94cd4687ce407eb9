import { startSandbox } from 'restante';

/** One sandbox for all workers: they find it by its address in the environment. */
export default async function setup() {
  globalThis.sandbox = await startSandbox();
  process.env.RESTANTE_URL = globalThis.sandbox.url;
}
