import { sql } from 'drizzle-orm';
import type { PublicFigure } from '#platform/system.ts';
import { freshnessOf } from './freshness.ts';
import { cityCoverage, readBoard } from './obligations/board.ts';

const served = sql`not d.private and d.state in ('published', 'archived')`;

/** Live figures of the portal for the city's start page and for other systems. */
export const figures: readonly PublicFigure[] = [
  {
    name: 'datasets',
    title: { uk: 'наборів відкритих даних', en: 'open datasets' },
    href: '/open-data',
    read: async (db) => {
      const { rows } = await db.execute<{ n: number }>(
        sql`select count(*)::int as n from od_dataset d where ${served}`,
      );
      return rows[0]!.n;
    },
  },
  {
    name: 'updated_on_time_percent',
    title: { uk: 'наборів оновлено вчасно', en: 'of datasets updated on time' },
    isPercent: true,
    href: '/open-data/coverage#ledger',
    read: async (db, now) => {
      const { rows } = await db.execute<{ due: string; frequency: string }>(sql`
        select due_at::text as due, update_frequency as frequency from od_dataset d where due_at is not null and ${served}`);
      const kept = rows.filter(({ due, frequency }) =>
        ['on time', 'soon'].includes(freshnessOf(due, frequency, now)),
      );
      return rows.length === 0 ? 100 : Math.floor((kept.length / rows.length) * 100);
    },
  },
  {
    name: 'res835_covered',
    title: {
      uk: 'обовʼязкових наборів оприлюднено',
      en: 'obligatory datasets published',
    },
    href: '/open-data/coverage',
    read: async (db, now) => cityCoverage((await readBoard(db, now)).cells).published,
    outOf: async (db, now) => cityCoverage((await readBoard(db, now)).cells).all,
  },
  {
    name: 'dead_links',
    title: { uk: 'мертвих посилань у даних', en: 'dead links in the data' },
    href: '/open-data/coverage?state=broken',
    read: async (db) => {
      const { rows } = await db.execute<{ n: number }>(sql`
        select count(*)::int as n from od_link_check k join od_resource r on r.id = k.resource and r.state = 'active'
          join od_dataset d on d.id = r.dataset where k.broken_at is not null and ${served}`);
      return rows[0]!.n;
    },
  },
];
