import { expect, it } from 'vitest';
import { slots } from './slots.ts';

it('two heavy queries run, some wait in order, the next is told to come later', async () => {
  const places = slots({ running: 2, waiting: 2 });
  const ends: (() => void)[] = [];
  const begun: number[] = [];
  const start = (n: number) =>
    places.run(() => {
      begun.push(n);
      return new Promise<number>((resolve) => ends.push(() => resolve(n)));
    });
  const all = [start(1), start(2), start(3), start(4)];
  await expect(start(5)).rejects.toMatchObject({ status: 429, detail: { retryAfter: 5 } });
  expect(begun).toEqual([1, 2]);
  ends[0]!();
  await all[0];
  await Promise.resolve();
  expect(begun).toEqual([1, 2, 3]);
  ends[1]!();
  ends[2]!();
  await all[2];
  await new Promise((resolve) => setImmediate(resolve));
  ends[3]!();
  expect(await Promise.all(all)).toEqual([1, 2, 3, 4]);
});

it('a place is given back when the work fails', async () => {
  const places = slots({ running: 1, waiting: 0 });
  await expect(places.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await places.run(async () => 'yes')).toBe('yes');
});
