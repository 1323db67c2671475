import { expect, it } from 'vitest';
import { testPlatform } from './database/testing.ts';
import { fillDemo } from './demo.ts';
import { createPlatform } from './platform.ts';
import type { System } from './system.ts';

const test = await testPlatform();

function city(onFill: () => void, mode: 'demo' | 'test' = 'demo') {
  const system: System = {
    name: 'probe',
    title: { uk: '', en: '' },
    summary: { uk: '', en: '' },
    async demo(_, clock) {
      onFill();
      clock.advance(1000);
      await new Promise((resolve) => setTimeout(resolve, 30));
    },
  };
  return createPlatform({
    config: { ...test.config, mode },
    clock: test.clock,
    pool: test.pool,
    systems: [system],
  });
}

it('fills the demo city once, even when two processes start together, and in demo mode only', async () => {
  let fills = 0;
  const count = () => {
    fills += 1;
  };
  expect(await fillDemo(city(count, 'test'))).toBe(false);
  const both = await Promise.all([fillDemo(city(count)), fillDemo(city(count))]);
  expect(both.sort()).toEqual([false, true]);
  expect(await fillDemo(city(count))).toBe(false);
  expect(fills).toBe(1);
});
