import { startSandbox } from 'restante';

/** Starts one sandbox for all workers, which find its address in the environment. */
export default async function setup() {
  globalThis.sandbox = await startSandbox();
  process.env.RESTANTE_URL = globalThis.sandbox.url;
}
