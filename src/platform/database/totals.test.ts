import { expect, test } from 'vitest';
import type { Reader } from './pool.ts';
import { totalOf } from './totals.ts';

/** A list whose length and clock the test moves. */
function list() {
  const reader = {} as Reader;
  const state = { rows: 0, now: 0, counted: 0 };
  const ask = (what = 'requests') =>
    totalOf(
      reader,
      what,
      async () => {
        state.counted++;
        return state.rows;
      },
      () => state.now,
    );
  return { state, ask };
}

test('a total under a thousand is counted every time', async () => {
  const { state, ask } = list();
  state.rows = 998;
  expect(await ask()).toBe(998);
  state.rows = 999;
  expect(await ask()).toBe(999);
});

test('a larger total is answered from memory for two seconds, then counted anew', async () => {
  const { state, ask } = list();
  state.rows = 1_000_000;
  expect(await ask()).toBe(1_000_000);
  state.rows = 1_000_001;
  state.now = 1_999;
  expect(await ask()).toBe(1_000_000);
  state.now = 2_000;
  expect(await ask()).toBe(1_000_001);
  expect(state.counted).toBe(2);
});

test('another filter has a total of its own, and no more than five hundred are remembered', async () => {
  const { state, ask } = list();
  state.rows = 5_000;
  await ask('first');
  state.rows = 7_000;
  for (let i = 0; i < 500; i++) expect(await ask(`filter ${i}`)).toBe(7_000);
  expect(await ask('first')).toBe(7_000);
  expect(state.counted).toBe(502);
});
