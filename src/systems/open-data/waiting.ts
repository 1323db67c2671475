import { sql } from 'drizzle-orm';
import { scopesOf } from '#platform/access/index.ts';
import type { Db } from '#platform/database/pool.ts';
import type { Language } from '#platform/i18n/index.ts';
import type { Waiting } from '#platform/system.ts';
import type { Actor } from '#platform/work.ts';
import { readBoard } from './obligations/board.ts';
import { isOfficer, permission } from './permissions.ts';

const deadlinesShown = 10;

const words = {
  late: { uk: 'Дані прострочено', en: 'Data are overdue' },
  missing: { uk: 'Обовʼязкові набори відсутні', en: 'Obligatory datasets are missing' },
  broken: { uk: 'Дані не відкриваються', en: 'Data do not open' },
} as const;

/** What waits for a publisher in the datasets of their units, and for the city's officer in all of them. */
export async function waiting(db: Db, actor: Actor, language: Language, now: Date): Promise<Waiting> {
  const writes = scopesOf(actor, permission('write'));
  if (writes.length === 0) return { queues: [], deadlines: [] };
  const at = now.toISOString();
  const units = writes.flatMap((scope) => scope.organisation ?? []);
  const own = isOfficer(actor)
    ? sql`true`
    : sql`o.unit in (select jsonb_array_elements_text(${JSON.stringify(units)}::jsonb))`;
  const [sizes, nearest, board] = await Promise.all([
    db.execute<{ late: number }>(sql`
      select count(*)::int as late from od_dataset d join od_organisation o on o.id = d.organisation
      where d.due_at < ${at} and ${own}`),
    db.execute<{ name: string; title: string; organisation: string; due: string }>(sql`
      select d.name, coalesce(nullif(d.title, ''), d.name) as title, coalesce(nullif(o.title, ''), o.name) as organisation,
        d.due_at::text as due
      from od_dataset d join od_organisation o on o.id = d.organisation where d.due_at is not null and ${own}
      order by d.due_at, d.id limit ${deadlinesShown}`),
    isOfficer(actor) ? readBoard(db, now) : null,
  ]);
  const onBoard = (state: 'missing' | 'broken') => ({
    title: words[state][language],
    size: board!.cells.filter((cell) => cell.state === state).length,
    href: `/open-data/board?state=${state}`,
    urgent: true,
  });
  return {
    queues: [
      { title: words.late[language], size: sizes.rows[0]!.late, href: '/open-data/desk', urgent: true },
      ...(board ? [onBoard('missing'), onBoard('broken')] : []),
    ],
    deadlines: nearest.rows.map((row) => ({
      title: row.title,
      place: row.organisation,
      href: `/open-data/desk/dataset/${row.name}`,
      due: new Date(row.due),
    })),
  };
}
