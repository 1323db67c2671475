import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Context } from 'hono';
import type { ComponentChildren } from 'preact';
import { z } from 'zod';
import { can } from '#platform/access/index.ts';
import { NotFound } from '#platform/errors.ts';
import { type FormInput, readForm } from '#platform/http/forms.ts';
import type { PageOptions } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { Form, type Link, Notice } from '#ui/index.ts';
import { assetsNamed } from '../../../assets.ts';
import { type City, readCity } from '../../../city.ts';
import type { RuleData } from '../../../city-data.ts';
import { permission } from '../../../permissions.ts';
import type { Names } from '../../../routing.ts';
import { rulesHash } from '../../../rule-drafts.ts';
import { type DeskFrame, frameOf, framePage } from '../frame.tsx';
import { rulesText } from './text.ts';

/** A rule set as its page shows it. */
export interface ShownSet {
  readonly version: number;
  readonly status: 'draft' | 'published' | 'retired';
  readonly rules: readonly RuleData[];
  readonly author: string;
  readonly authorName: string | null;
  readonly editors: readonly string[];
  readonly madeAt: Date;
  readonly publisherName: string | null;
  readonly publishedAt: Date | null;
  readonly note: string | null;
  readonly hash: string;
}

/** What every page about rules has at hand. */
export interface Desk extends DeskFrame<ReturnType<typeof rulesText>> {
  may(act: string): boolean;
}

const path = '/desk/rules';

/** @throws Forbidden for staff who have nothing to do with rules. */
export function deskOf(platform: Platform, c: Context<MistoEnv>): Desk {
  const frame = frameOf(platform, c, { path, act: 'rule_write', words: rulesText });
  return { ...frame, may: (act) => can(c.var.visit.actor, permission(act)) };
}

/** A page of the desk, with the way back to all rules. */
export const rulesPage = (
  desk: Desk,
  options: PageOptions & { readonly trail?: readonly Link[] },
  body: ComponentChildren,
): Response => framePage(desk, { path, ...options }, body);

/** Everything that a form sent, without a schema: the domain says what is wrong with it. */
export const sent = (c: Context<MistoEnv>): Promise<FormInput<Record<string, never>>> =>
  readForm(c, z.object({}) as unknown as z.ZodType<Record<string, never>>);

/** A form with one button that does one thing. */
export function ActForm(props: {
  desk: Desk;
  action: string;
  hidden?: Readonly<Record<string, string>>;
  label?: string;
  class?: string;
  children: ComponentChildren;
}) {
  return (
    <Form
      action={props.action}
      csrf={props.desk.c.var.visit.csrfToken()}
      idempotencyKey={randomUUID()}
      {...(props.hidden ? { hidden: props.hidden } : {})}
      {...(props.label ? { label: props.label } : {})}
      {...(props.class ? { class: props.class } : {})}
    >
      {props.children}
    </Form>
  );
}

/** What the last act did, told once on the page it led to. */
export function Done(props: { desk: Desk }) {
  const done = props.desk.c.req.query('done');
  const words = done && props.desk.words.done[done];
  return words ? (
    <Notice tone="good" live>
      <p>{words}</p>
    </Notice>
  ) : null;
}

/** @throws NotFound for what is no version. */
export function versionIn(c: Context<MistoEnv>): number {
  const typed = c.req.param('version') ?? '';
  if (!/^\d{1,9}$/.test(typed)) throw new NotFound('rule set');
  return Number(typed);
}

const columns = sql`version, status, rules, author, author_name, editors, made_at, publisher_name, published_at, note, ${rulesHash} as hash`;

/** @throws NotFound */
export async function readShown(desk: Desk, version: number): Promise<ShownSet> {
  const { rows } = await desk.platform.db.execute<Record<string, unknown>>(
    sql`select ${columns} from cc_rule_set where version = ${version}`,
  );
  if (!rows[0]) throw new NotFound('rule set');
  return shownOf(rows[0]);
}

/** How many sets of a list are shown. */
export const listed = 30;

/** Sets of a status, the newest first, without their rules. */
export async function setsOf(desk: Desk, status: ShownSet['status']): Promise<Omit<ShownSet, 'rules'>[]> {
  const { rows } = await desk.platform.db.execute<Record<string, unknown>>(
    sql`select version, status, '[]'::jsonb as rules, author, author_name, editors, made_at, publisher_name, published_at, note,
        '' as hash from cc_rule_set where status = ${status}
      order by coalesce(published_at, made_at) desc, version desc limit ${listed}`,
  );
  return rows.map(shownOf);
}

function shownOf(row: Record<string, unknown>): ShownSet {
  const moment = (value: unknown) => (value ? new Date(String(value)) : null);
  return {
    version: Number(row.version),
    status: row.status as ShownSet['status'],
    rules: row.rules as RuleData[],
    author: String(row.author),
    authorName: row.author_name as string | null,
    editors: row.editors as string[],
    madeAt: moment(row.made_at)!,
    publisherName: row.publisher_name as string | null,
    publishedAt: moment(row.published_at),
    note: row.note as string | null,
    hash: String(row.hash),
  };
}

/** The city's names, with those of the buildings and things that the rules speak of. */
export async function namesFor(
  desk: Desk,
  rules: readonly RuleData[],
): Promise<City & Required<Pick<Names, 'buildings' | 'assets'>>> {
  const city = await readCity(desk.platform.db);
  const ids = [...new Set(rules.flatMap((rule) => rule.when.buildings ?? []))];
  const { rows } = ids.length
    ? await desk.platform.db.execute<{ id: string; address: string }>(sql`select id, address from cc_building
        where id in (select value from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`)
    : { rows: [] };
  const assets = await assetsNamed(desk.platform.db, [
    ...new Set(rules.flatMap((rule) => rule.when.assets ?? [])),
  ]);
  return { ...city, ...city.known, assets, buildings: new Map(rows.map(({ id, address }) => [id, address])) };
}

/** An organisation by name; null is the operator's triage. */
export function organisationName(desk: Desk, city: City, id: string | null): string {
  if (id === null) return desk.words.triage;
  return city.known.organisations.get(id)?.name[desk.at.language] ?? id;
}
