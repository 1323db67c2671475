import { parentPort } from 'node:worker_threads';
import { type LoadTask, runLoad } from './load-run.ts';

/** The thread of loads, one at a time: a task comes as a message, states and the result or an error go back. */
const port = parentPort!;
port.on('message', (task: LoadTask) => {
  runLoad(task, (state) => port.postMessage({ state })).then(
    (result) => port.postMessage({ result }),
    (error) => port.postMessage({ error }),
  );
});
