// Keeps: links are looked at daily, three failures in a row are a dead link (open-data.md 7, 11).
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'drizzle-orm';
import { afterAll, expect, it } from 'vitest';
import type { ManualClock } from '#platform/clock.ts';
import type { Platform } from '#platform/system.ts';
import { officer, testPortal } from '../api/ckan/testing.ts';
import { originOf } from '../origin.ts';
import { askForChecks, checkLink } from './links.ts';

let status = 404;
const server = createServer((_, answer) => answer.writeHead(status).end('x'.repeat(100_000)));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
afterAll(() => server.close());
const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;

const portal = await testPortal();
const clock = portal.platform.clock as ManualClock;
const platform: Platform = {
  ...portal.platform,
  config: { ...portal.platform.config, outsideHosts: [host] },
};
await portal.call('organization_create', { name: 'osvita' }, officer);
const { result } = await portal.call(
  'package_create',
  { name: 'linked', owner_org: 'osvita', resources: [{ url: `http://${host}/plan.pdf` }] },
  officer,
);
const resource: string = result.resources[0].id;
const look = async (days = 1) => {
  clock.advance(days * 86_400_000);
  await checkLink(platform, resource);
  const { rows } = await platform.db.execute<{ failures: number; answer: string; broken: boolean }>(
    sql`select failures, answer, broken_at is not null as broken from od_link_check where resource = ${resource}`,
  );
  return rows[0];
};

it('the third day without an answer makes a link dead, and one good answer makes it alive', async () => {
  expect(await look()).toEqual({ failures: 1, answer: '404', broken: false });
  expect(await look(0)).toEqual({ failures: 1, answer: '404', broken: false });
  expect(await look()).toEqual({ failures: 2, answer: '404', broken: false });
  expect(await look()).toEqual({ failures: 3, answer: '404', broken: true });
  status = 200;
  expect(await look()).toEqual({ failures: 0, answer: '200', broken: false });
});

it('a link that answers no more, or answers again, shows in the quality that the catalogue is sorted by', async () => {
  const quality = async () => {
    const { rows } = await platform.db.execute<{ points: number }>(
      sql`select (document ->> 'quality')::int as points from od_search s join od_resource r on r.dataset = s.dataset where r.id = ${resource}`,
    );
    return rows[0]!.points;
  };
  const whole = await quality();
  status = 503;
  await look();
  expect(await quality()).toBe(whole - 50 - 30);
  status = 200;
  await look();
  expect(await quality()).toBe(whole);
});

it('another address begins anew, and nothing behind the walls of the city is asked', async () => {
  status = 500;
  await look();
  await look();
  await portal.call('resource_patch', { id: resource, url: 'http://169.254.169.254/latest' }, officer);
  expect(await look()).toEqual({ failures: 1, answer: 'private', broken: false });
});

it('every link out of the city that the public may follow is asked for once', async () => {
  const own = `${originOf(platform)}/open311/bulk/requests.csv`;
  await portal.call(
    'package_create',
    { name: 'own', owner_org: 'osvita', resources: [{ url: own }] },
    officer,
  );
  const hidden = await portal.call(
    'package_create',
    { name: 'hidden', owner_org: 'osvita', private: true, resources: [{ url: 'https://example.org/a' }] },
    officer,
  );
  await askForChecks(platform);
  const { rows } = await platform.db.execute<{ resource: string }>(sql`
    select payload -> 'data' ->> 'resource' as resource from outbox
    where name = 'platform.job.requested' and payload ->> 'job' = 'open-data.check-link'`);
  expect(rows).toEqual([{ resource }]);
  expect(hidden.status).toBe(200);
});
