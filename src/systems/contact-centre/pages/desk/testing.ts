import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ManualClock } from '#platform/clock.ts';
import { manualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { createApp } from '#platform/http/app.ts';
import { TestBrowser } from '#platform/http/browser.ts';
import { createPlatform } from '#platform/platform.ts';
import type { Platform } from '#platform/system.ts';
import { systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../../../city/dnipro/index.ts';
import { loadCityData } from '../../city.ts';
import { contactCentre } from '../../index.ts';

export interface TestDesk {
  readonly platform: Platform;
  readonly clock: ManualClock;
  /** A browser in which the persona of the demo city has signed in. */
  enter(persona: string): Promise<TestBrowser>;
  /** Runs a job of the contact centre as the workers would. */
  runJob(name: string, data: Record<string, unknown>): Promise<void>;
}

/** The contact centre with the demo city's data and its staff, over a fresh database, without requests. */
export async function testDesk(): Promise<TestDesk> {
  const clock = manualClock('2026-11-24T10:00:00Z');
  const test = await testPlatform({ clock });
  const keysFile = join(mkdtempSync(join(tmpdir(), 'misto-')), 'keys.json');
  const platform = createPlatform({
    config: { ...test.config, mode: 'demo', keysFile },
    clock,
    pool: test.pool,
    systems: [contactCentre],
  });
  const app = createApp(platform, { cache: false, limits: false });
  await platform.work(systemActor('city'), (work) => loadCityData(work, contactCentreData));
  return {
    platform,
    clock,
    async enter(persona) {
      const browser = await new TestBrowser(app).get('/sign-in');
      await browser.submit('/sign-in/demo', { persona });
      return browser;
    },
    async runJob(name, data) {
      await contactCentre.jobs!.find((job) => job.name === name)!.run(platform, data);
    },
  };
}
