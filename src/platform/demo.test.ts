import { expect, it } from 'vitest';
import { manualClock } from './clock.ts';
import { testPlatform } from './database/testing.ts';
import { fillDemo, fillDemoPast } from './demo.ts';
import { createPlatform } from './platform.ts';
import type { System } from './system.ts';

const clock = manualClock('2026-11-24T10:00:00Z');
const test = await testPlatform({ clock });

function city(onFill: () => void, mode: 'demo' | 'test' = 'demo', demoPast?: System['demoPast']) {
  const system: System = {
    name: 'probe',
    title: { uk: '', en: '' },
    summary: { uk: '', en: '' },
    async demo(_, clock) {
      onFill();
      clock.advance(1000);
      await new Promise((resolve) => setTimeout(resolve, 30));
    },
    ...(demoPast ? { demoPast } : {}),
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

it('makes the older past once, by one of two processes, on the clock of the filling, and goes on where it was cut off', async () => {
  const nothing = () => {};
  const steps: string[] = [];
  const stopping = new AbortController();
  const cutOff = city(nothing, 'demo', async (_, clock) => {
    steps.push(clock.now().toISOString());
    stopping.abort();
  });
  expect(await fillDemoPast(cutOff, stopping.signal)).toBe(false);
  clock.advance(60_000);
  const whole = city(nothing, 'demo', async (_, clock) => {
    steps.push(clock.now().toISOString());
    await new Promise((resolve) => setTimeout(resolve, 30));
  });
  const { signal } = new AbortController();
  const both = await Promise.all([fillDemoPast(whole, signal), fillDemoPast(whole, signal)]);
  expect(both.sort()).toEqual([false, true]);
  expect(await fillDemoPast(whole, signal)).toBe(false);
  expect(steps).toHaveLength(2);
  expect(steps[1]).toBe(steps[0]);
});
