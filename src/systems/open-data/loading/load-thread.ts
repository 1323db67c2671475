import { Worker } from 'node:worker_threads';
import type { LoadResult, LoadTask } from './load-run.ts';

// Sources run as they are; the build puts the thread's entry beside the server's (vite.config.ts).
const entry = import.meta.url.endsWith('.ts')
  ? new URL('./load-worker.ts', import.meta.url)
  : new URL(import.meta.url.includes('/assets/') ? '../load-worker.js' : './load-worker.js', import.meta.url);

interface Message {
  readonly state?: 'parsed' | 'checked';
  readonly result?: LoadResult;
  readonly error?: unknown;
}

/** Who waits for what a thread does. */
interface Waiting {
  readonly tell: (state: 'parsed' | 'checked') => void;
  readonly resolve: (result: LoadResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Threads without work are kept for the next load: starting one takes longer than a small load. One is enough. */
const idle: LoadThread[] = [];
/** In milliseconds: so long it waits, for the memory that it holds is worth more than its start. */
const patience = 30_000;

/**
 * Runs a load in a thread of its own, so that the server's loop goes on.
 *
 * @param tell hears of each state as it is reached.
 * @throws what the load throws, or when the thread ends without a result.
 */
export async function runLoadInThread(
  task: LoadTask,
  tell: (state: 'parsed' | 'checked') => void,
): Promise<LoadResult> {
  const thread = idle.pop() ?? new LoadThread();
  try {
    return await thread.run(task, tell);
  } finally {
    if (idle.length || !thread.alive) await thread.end();
    else thread.rest();
  }
}

class LoadThread {
  alive = true;
  private readonly worker = new Worker(entry);
  private waiting: Waiting | null = null;
  private resting: NodeJS.Timeout | undefined;

  constructor() {
    this.worker.on('message', ({ state, result, error }: Message) => {
      if (state) this.waiting?.tell(state);
      if (result) this.waiting?.resolve(result);
      if (error) this.waiting?.reject(error);
    });
    this.worker.on('error', (error) => this.waiting?.reject(error));
    this.worker.on('exit', (code) => {
      this.alive = false;
      this.leaveIdle();
      this.waiting?.reject(new Error(`the thread of a load ended with ${code}`));
    });
  }

  async run(task: LoadTask, tell: Waiting['tell']): Promise<LoadResult> {
    clearTimeout(this.resting);
    // Only a load keeps the process from ending.
    this.worker.ref();
    try {
      return await new Promise<LoadResult>((resolve, reject) => {
        this.waiting = { tell, resolve, reject };
        this.worker.postMessage(task);
      });
    } finally {
      this.waiting = null;
      this.worker.unref();
    }
  }

  /** Waits for the next load, and ends when none comes. */
  rest(): void {
    idle.push(this);
    this.resting = setTimeout(() => this.end(), patience).unref();
  }

  private leaveIdle(): void {
    const at = idle.indexOf(this);
    if (at >= 0) idle.splice(at, 1);
  }

  async end(): Promise<void> {
    // While it ends nobody shall take it for one that works.
    this.leaveIdle();
    await this.worker.terminate();
  }
}
