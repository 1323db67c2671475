import { sql } from 'drizzle-orm';
import type { Text } from '#platform/i18n/index.ts';
import type { Outcome } from '#platform/personal-data/erase.ts';
import type { Work } from '#platform/work.ts';

/** What the portal holds of a person: what they are called there, what they follow, their tokens and acts, files on their way, fixes. */
export async function exportOf(work: Work, person: string): Promise<Record<string, unknown>> {
  const [user, follows, tokens, acts, confirmations, signatures, uploads, rules] = await Promise.all([
    work.tx.execute(sql`select name, about, image_url from od_user where person = ${person}`),
    work.tx.execute(sql`select kind, object, at from od_follow where follower = ${person} order by at`),
    work.tx.execute(
      sql`select name, scopes, created_at, last_used_at, revoked_at from od_token where person = ${person} order by created_at`,
    ),
    work.tx.execute(sql`select at, type, object from od_activity where actor = ${person} order by at`),
    work.tx.execute(sql`select at, dataset from od_confirmation where author = ${person} order by at`),
    work.tx.execute(
      sql`select code, not_applicable, signed_at from od_assignment where signed_by = ${person} order by signed_at`,
    ),
    work.tx.execute(
      sql`select name, bytes::float8 as bytes, began_at from od_upload where person = ${person} order by began_at`,
    ),
    work.tx.execute(sql`select r.id as resource, rule -> 'fix' as fix from od_resource r, jsonb_array_elements(r.load_rules) as rule
      where rule ->> 'by' = ${person} order by r.id`),
  ]);
  return {
    user: user.rows[0] ?? null,
    follows: follows.rows,
    tokens: tokens.rows,
    activities: acts.rows,
    confirmations: confirmations.rows,
    signatures: signatures.rows,
    uploads: uploads.rows,
    fixes: rules.rows,
  };
}

/** Forgets what a person said and followed; what they published is the city's, and stays with the number of their account. */
export async function eraseOf(work: Work, person: string): Promise<Outcome> {
  const { rowCount: follows } = await work.tx.execute(
    sql`delete from od_follow where follower = ${person} or (kind = 'user' and object = ${person})`,
  );
  const { rowCount: invitations } = await work.tx.execute(
    sql`delete from od_collaborator where person = ${person}`,
  );
  await work.tx.execute(sql`delete from od_reminder where person = ${person}`);
  await work.tx.execute(sql`update od_organisation set officer = nullif(officer, ${person}), head = nullif(head, ${person})
    where officer = ${person} or head = ${person}`);
  // Their pieces go with them, and the bytes with the nightly round of the store.
  const { rowCount: uploads } = await work.tx.execute(sql`delete from od_upload where person = ${person}`);
  const { rowCount: tokens } = await work.tx.execute(sql`delete from od_token where person = ${person}`);
  await work.tx.execute(sql`
    update od_user set name = 'user-' || right(person::text, 12), about = '', image_url = '', state = 'deleted'
    where person = ${person}`);
  const { rows } = await work.tx.execute(sql`
    select from od_activity where actor = ${person} union all select from od_confirmation where author = ${person}
    union all select from od_assignment where signed_by = ${person} limit 1`);
  return {
    gone: [
      ...counted(follows, 'Стеження за наборами даних: №', 'What is followed on the open-data portal: №'),
      ...counted(invitations, 'Запрошення до наборів даних: №', 'Invitations to datasets: №'),
      ...counted(uploads, 'Незавершені надсилання файлів: №', 'Files on their way: №'),
      ...counted(tokens, 'Ключі до API порталу відкритих даних: №', 'Tokens of the open-data API: №'),
    ],
    kept:
      rows.length === 0
        ? []
        : [
            {
              uk: 'Дії з оприлюднення даних під номером облікового запису (Закон 2939-VI, ст. 10-1)',
              en: 'Acts of publishing data, by the number of the account (Law 2939-VI, art. 10-1)',
            },
          ],
  };
}

function counted(n: number | null, uk: string, en: string): Text[] {
  return n ? [{ uk: uk.replace('№', String(n)), en: en.replace('№', String(n)) }] : [];
}
