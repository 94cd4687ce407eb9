/** A worker that exits when it receives a job. */
import { parentPort } from 'node:worker_threads';
parentPort.on('message', () => process.exit(1));
