import { expect, it } from 'vitest';
import { atMost } from './lifecycle.ts';

it('an end that never comes, or fails, does not keep a process that was told to stop', async () => {
  await atMost(20, new Promise(() => {}));
  await atMost(60_000, Promise.reject(new Error('gone')));
  let ended = false;
  await atMost(
    60_000,
    Promise.resolve().then(() => {
      ended = true;
    }),
  );
  expect(ended).toBe(true);
});
