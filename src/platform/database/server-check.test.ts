import { describe, expect, inject, it } from 'vitest';
import { checkServer } from './server-check.ts';

const url = inject('databaseUrl');

describe('a server of the operator’s own', () => {
  it('is refused in production while it may lose acknowledged rows', async () => {
    await checkServer(url, false);
    await expect(checkServer(url, true)).rejects.toThrow(/fsync=off.*switch it on/);
  });

  it('is named in one line when it cannot be reached', async () => {
    await expect(checkServer('postgres://misto@127.0.0.1:1/misto', false)).rejects.toThrow(
      /^DATABASE_URL: the server cannot be used/,
    );
  });
});
