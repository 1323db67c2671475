import { type SQL, sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import type { Text } from '#platform/i18n/index.ts';
import { forgetAddresses } from '#platform/notify/index.ts';
import type { Outcome } from '#platform/personal-data/erase.ts';
import type { JobDefinition } from '#platform/system.ts';
import { systemActor, type Work } from '#platform/work.ts';
import { hasCity, readCity } from './city.ts';
import { defaultsOf } from './defaults.ts';
import { isHeld } from './legal-holds.ts';
import { permission } from './permissions.ts';
import { erasePhotosOf, photosOfPerson } from './photos.ts';
import { openContact, openReporter, openRequest } from './sealing.ts';

/** Everything the contact centre holds about a person, as plain JSON: requests, verdicts, messages, conversations. */
export async function exportOf(work: Work, personId: string): Promise<Record<string, unknown>> {
  const { rows } = await work.tx.execute<Record<string, unknown>>(sql`
    select p.*, r.state, r.closing, r.category, r.regime, r.address, r.public_note, r.created_at, r.closed_at,
      (select jsonb_agg(jsonb_build_object('at', v.at, 'verdict', v.verdict, 'grade', v.grade, 'method', v.method, 'comment', v.comment)
        order by v.at) from cc_verification v where v.reporter = p.id) as verdicts,
      (select jsonb_agg(jsonb_build_object('at', m.at, 'about', m.template, 'outcome', m.outcome) order by m.at)
        from cc_message m where m.reporter = p.id) as messages
    from cc_reporter p join cc_request r on r.number = p.request where p.person = ${personId} order by p.joined_at`);
  const requests = [];
  for (const row of rows) {
    const number = String(row.request);
    const given = openReporter(work.secrets, row);
    // The words are the lead's; who joined gave none.
    const words = row.lead ? await openRequest(work.tx, work.secrets, number) : {};
    requests.push({
      number,
      category: row.category,
      regime: row.regime,
      state: row.state,
      closing: row.closing,
      reportedAt: row.joined_at,
      closedAt: row.closed_at,
      channel: row.channel,
      given,
      text: words?.text ?? null,
      flat: words?.flat ?? null,
      address: words?.address ?? row.address,
      verdicts: row.verdicts ?? [],
      messages: row.messages ?? [],
      locked: given === null || words === null,
    });
  }
  const { rows: calls } = await work.tx.execute<Record<string, unknown>>(sql`
    select id, channel, outcome, category, requests, key, sealed, started_at from cc_contact
    where person = ${personId} order by started_at`);
  const { rows: areas } = await work.tx.execute<Record<string, unknown>>(sql`
    select s.district, s.branch, s.made_at from cc_subscription s where s.ended_at is null and ${subscribedBy(personId)}`);
  return {
    requests,
    photos: await photosOfPerson(work.tx, personId),
    conversations: calls.map((row) => ({
      at: row.started_at,
      channel: row.channel,
      outcome: row.outcome,
      category: row.category,
      requests: row.requests,
      ...openContact(work.secrets, row),
    })),
    subscriptions: areas,
  };
}

/**
 * Erases a person: the keys of all that he or she gave are destroyed, so the seals say nothing any more. Histories hold
 * masked facts only and stay whole.
 *
 * @returns what goes, and what stays and why.
 */
export async function eraseOf(work: Work, personId: string): Promise<Outcome> {
  const { rowCount: reported } = await work.tx.execute(
    sql`select from cc_reporter where person = ${personId} limit 1`,
  );
  // Where nobody has reported anything there may be no data of the city either, nor the term by which appeals are kept.
  const since = reported ? await keptSince(work, 'statutory') : work.clock.now().toISOString();
  const { rows } = await work.tx.execute<{
    id: string;
    request: string;
    lead: boolean;
    kept: string | null;
  }>(sql`
    select p.id, p.request, p.lead, case
        when ${isHeld()} then 'hold'
        when r.regime = 'statutory' and (r.closed_at is null or r.closed_at > ${since}::timestamptz) then 'statutory'
      end as kept
    from cc_reporter p join cc_request r on r.number = p.request
    where p.person = ${personId} and p.erased_at is null order by p.request for update of r`);
  const going = rows.filter(({ kept }) => kept === null);
  await forgetReporters(
    work,
    going.map(({ id }) => id),
  );
  await forgetWords(
    work,
    going.filter(({ lead }) => lead).map(({ request }) => request),
    false,
  );
  const { rowCount: calls } =
    await work.tx.execute(sql`update cc_contact set key = null, sealed = null, phone_blind = null, person = null
    where person = ${personId} and not ${aboutHeld}`);
  const { rowCount: areas } =
    await work.tx.execute(sql`update cc_subscription s set key = null, sealed = null, email_blind = null,
    ended_at = coalesce(ended_at, ${work.clock.now().toISOString()}::timestamptz) where ${subscribedBy(personId)}`);
  const count = (why: string) => rows.filter(({ kept }) => kept === why).length;
  const line = (n: number | null, uk: string, en: string): Text[] =>
    n ? [{ uk: uk.replace('№', String(n)), en: en.replace('№', String(n)) }] : [];
  return {
    gone: [
      ...line(
        going.length,
        'Ваші слова, контакти, квартира та фото в заявках: №',
        'Your words, contacts, flat and photos in requests: №',
      ),
      ...line(calls, 'Розмови з контакт-центром: №', 'Conversations with the contact centre: №'),
      ...line(areas, 'Підписки на вулиці й райони: №', 'Subscriptions to streets and districts: №'),
    ],
    kept: [
      ...line(
        going.length,
        'Заявки без персональних даних (№): їхні історії показують, як працювало місто',
        'Requests without personal data (№): their histories tell how the city worked',
      ),
      ...line(
        count('statutory'),
        'Звернення громадян (№): зберігаються пʼять років після закриття (Закон 393/96-ВР)',
        'Statutory appeals (№): kept five years after closing (Law 393/96-ВР)',
      ),
      ...line(
        count('hold'),
        'Заявки під забороною знищення (№): доки її не знято',
        'Requests under legal hold (№): until the hold ends',
      ),
    ],
  };
}

/** Removes personal data whose time is over; requests under legal hold, and conversations about them, stay as they are. */
export const retentionJob: JobDefinition = {
  name: 'contact-centre.retention',
  schedule: '41 3 * * *',
  async run(platform) {
    if (!(await hasCity(platform.db))) return;
    const actor = systemActor('retention');
    for (const regime of ['service', 'statutory'] as const)
      while ((await platform.work(actor, (work) => retire(work, regime))) > 0);
    await platform.work(actor, async (work) => {
      const { callKeptMonths } = defaultsOf((await readCity(work.tx)).settings);
      const since = monthsBefore(work.clock.now(), callKeptMonths).toISOString();
      const { rowCount } = await work.tx.execute(
        sql`delete from cc_contact where started_at < ${since}::timestamptz and not ${aboutHeld}`,
      );
      if (rowCount)
        await audit(work, {
          action: permission('retention'),
          resource: 'contacts:old',
          detail: { contacts: rowCount },
        });
    });
  },
};

async function retire(work: Work, regime: 'service' | 'statutory'): Promise<number> {
  // A merged request ends with the one that leads it.
  const { rows } = await work.tx.execute<{ number: string }>(sql`
    select r.number from cc_request r left join cc_request m on m.number = r.master
    where r.erased_at is null and r.regime = ${regime} and not ${isHeld()}
      and coalesce(m.closed_at, r.closed_at) < ${await keptSince(work, regime)}::timestamptz
    order by r.number limit 200 for update of r skip locked`);
  const numbers = rows.map(({ number }) => number);
  if (numbers.length === 0) return 0;
  const { rows: people } = await work.tx.execute<{ id: string }>(
    sql`select id from cc_reporter where request = any(${list(numbers)})`,
  );
  await forgetReporters(
    work,
    people.map(({ id }) => id),
  );
  await forgetWords(work, numbers, true);
  await audit(work, {
    action: permission('retention'),
    resource: `requests:${regime}`,
    detail: { requests: numbers.length },
  });
  return numbers.length;
}

/** The keys go, and with them all that the reporters gave, and their photos; their verdicts stay without a name. */
async function forgetReporters(work: Work, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await erasePhotosOf(work, ids);
  const now = work.clock.now().toISOString();
  await work.tx.execute(sql`update cc_reporter set key = null, sealed = null, person = null, phone_blind = null,
      email_blind = null, account_blind = null, device_blind = null, confirmed = false, notify = false,
      erased_at = ${now}::timestamptz
    where id = any(${list(ids)}::uuid[])`);
  await work.tx.execute(sql`update cc_link set revoked_at = coalesce(revoked_at, ${now}::timestamptz)
    where reporter = any(${list(ids)}::uuid[])`);
  const { rows } = await work.tx.execute<{ message: string }>(
    sql`select message from cc_message where message is not null and reporter = any(${list(ids)}::uuid[])`,
  );
  await forgetAddresses(
    work,
    rows.map(({ message }) => message),
  );
}

/**
 * The words before masking, and with `whole` also the masked ones where the public was never shown them: while a request
 * is open, people still have to act on it.
 */
async function forgetWords(work: Work, numbers: readonly string[], whole: boolean): Promise<void> {
  if (numbers.length === 0) return;
  await work.tx.execute(
    sql`update cc_request set key = null, sealed = null where number = any(${list(numbers)})`,
  );
  await work.tx.execute(sql`delete from cc_note where request = any(${list(numbers)})`);
  await work.tx.execute(sql`update cc_appeal set applicant = null where request = any(${list(numbers)})`);
  if (whole) await work.tx.execute(sql`delete from cc_appeal_answer where request = any(${list(numbers)})`);
  const now = work.clock.now().toISOString();
  await work.tx.execute(sql`update cc_request set erased_at = ${now}::timestamptz, text = coalesce(public_text, ''),
      answers = case when publication = 'published' then answers else '[]' end,
      address = case when building is null then public_address else address end
    where number = any(${list(numbers)}) and (${whole} or state = 'closed')`);
}

/** Conversations that a request under hold came of or was spoken of in: they are kept with it. */
const aboutHeld = sql`exists (select from jsonb_array_elements_text(cc_contact.requests) about
  join cc_request r on r.number = about where ${isHeld()})`;

function subscribedBy(personId: string): SQL {
  return sql`(s.person = ${personId} or s.email_blind in (
    select blind from person_contact where person_id = ${personId} and kind = 'email' and verified_at is not null))`;
}

/** Closed before this, personal data of a request is kept no longer. */
async function keptSince(work: Work, regime: 'service' | 'statutory'): Promise<string> {
  const city = await readCity(work.tx);
  const { amount, unit } = city.law.get('appeal-kept')!;
  const now = work.clock.now();
  if (regime === 'service')
    return monthsBefore(now, defaultsOf(city.settings).requestKeptMonths).toISOString();
  return (
    unit === 'months' ? monthsBefore(now, amount) : new Date(now.getTime() - amount * 86_400_000)
  ).toISOString();
}

function monthsBefore(instant: Date, months: number): Date {
  const then = new Date(instant);
  then.setUTCMonth(then.getUTCMonth() - months);
  return then;
}

const list = (values: readonly string[]): SQL =>
  sql`array(select jsonb_array_elements_text(${JSON.stringify(values)}::jsonb))`;
