import { statfs } from 'node:fs/promises';

/** With fewer free bytes than this somebody should look. */
export const littleSpace = 1024 ** 3;
/** So long after a refusal the disk still counts as full, in milliseconds. */
const recent = 10 * 60_000;

let refusals = 0;
let lastRefusal = Number.NEGATIVE_INFINITY;

/** Notes that a write was refused for want of space: of PostgreSQL's disk or of that of the files. */
export function noteDiskFull(): void {
  refusals += 1;
  lastRefusal = performance.now();
}

/** Whether an error says that there is no room: PostgreSQL's (53100), or the file system's. */
export function isDiskFull(code: string): boolean {
  return code === '53100' || code === 'ENOSPC' || code === 'EDQUOT';
}

export interface DiskState {
  /** Writes of this process that were refused for want of space. */
  readonly refusals: number;
  readonly isFull: boolean;
  /** Free bytes where the data folder lies; null: not known. */
  readonly free: number | null;
}

/** How it stands with the room for files and the embedded database. */
export async function diskState(dataDirectory: string): Promise<DiskState> {
  const free = await statfs(dataDirectory).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => null,
  );
  return { refusals, isFull: performance.now() - lastRefusal < recent, free };
}
