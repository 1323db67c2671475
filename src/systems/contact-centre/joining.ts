import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { recuseOwn } from '#platform/access/recusal.ts';
import { audit } from '#platform/audit/append.ts';
import { Conflict, NotFound } from '#platform/errors.ts';
import { emit } from '#platform/events/outbox.ts';
import type { Work } from '#platform/work.ts';
import { readCity } from './city.ts';
import { type CountedIntake, countIntake } from './intake-limits.ts';
import { permission } from './permissions.ts';
import { isConfirmed, type NewReporter, sha256 } from './requests.ts';
import { newId, sealReporter } from './sealing.ts';
import type { Closing, State } from './states.ts';

/**
 * Adds a person to a request that is already there; it gets no number of its own. One voice per person.
 *
 * @param counted as in `NewRequest`.
 * @throws NotFound; Conflict `closed`; Refusal `intake-limit` past the limits of intake.
 */
export async function joinRequest(
  work: Work,
  number: string,
  reporter: NewReporter,
  counted?: CountedIntake,
): Promise<{ followToken: string }> {
  if ((await lockJoinable(work, number)).state === 'closed')
    throw new Conflict('closed', 'closed requests cannot be joined; reopen it or send a new one');
  return addVoice(work, number, reporter, counted);
}

/** A request that others may join, locked. @throws NotFound when there is none, or none that they may know of. */
export async function lockJoinable(
  work: Work,
  number: string,
): Promise<{ state: State; closing: Closing | null; nearby: boolean }> {
  const { rows } = await work.tx.execute<{ state: State; closing: Closing | null; nearby: boolean }>(
    sql`select state, closing, nearby_until > ${work.clock.now().toISOString()}::timestamptz as nearby from cc_request
      where number = ${number} and regime = 'service' and publication <> 'hidden' and not sandbox for update`,
  );
  if (!rows[0]) throw new NotFound('request');
  return rows[0];
}

/** One more voice for a request that is locked. @throws Refusal `intake-limit` past the limits of intake. */
export async function addVoice(
  work: Work,
  number: string,
  reporter: NewReporter,
  counted?: CountedIntake,
): Promise<{ followToken: string }> {
  const now = work.clock.now();
  if (counted) {
    const over = await countIntake(work, (await readCity(work.tx)).settings, counted, reporter);
    if (over) throw over;
  }
  const followToken = randomBytes(16).toString('base64url');
  const id = newId(now);
  const sealed = sealReporter(work.secrets, id, reporter);
  const confirmed = isConfirmed(work, reporter);
  if (reporter.person) await recuseOwn(work, reporter.person);
  const added =
    await work.tx.execute(sql`insert into cc_reporter (id, request, person, key, sealed, phone_blind, email_blind,
      device_blind, account_blind, channel, language, notify, confirmed, joined_at)
    values (${id}, ${number}, ${reporter.person ?? null}, ${sealed.key}, ${sealed.sealed}, ${sealed.phone_blind},
      ${sealed.email_blind}, ${sealed.device_blind}, ${sealed.account_blind}, ${reporter.channel}, ${reporter.language},
      ${reporter.notify ?? true}, ${confirmed}, ${now.toISOString()}::timestamptz)
    on conflict do nothing returning id`);
  // Who is here already, by account or proved address, speaks with the voice he or she has.
  const { voice, came } = added.rows[0]
    ? { voice: id, came: true }
    : await voiceOf(work, number, reporter.person ?? null, confirmed ? sealed.email_blind : null);
  await work.tx.execute(sql`insert into cc_link (token_hash, request, reporter, kind, made_at)
    values (${sha256(followToken)}, ${number}, ${voice}, 'follow', ${now.toISOString()}::timestamptz)`);
  // Asked once more, the answer is another link; nothing has happened to the request.
  if (!came) return { followToken };
  // Everybody had left before: who comes now leads.
  await work.tx.execute(sql`update cc_reporter set lead = true where id = ${voice} and not exists (
    select 1 from cc_reporter where request = ${number} and lead and withdrawn_at is null)`);
  await work.tx.execute(sql`update cc_request set updated_at = ${now.toISOString()}::timestamptz,
    reporters = (select count(*) from cc_reporter where request = ${number} and withdrawn_at is null) where number = ${number}`);
  await audit(work, { action: permission('join'), resource: `request:${number}` });
  await emit(work, 'contact-centre.request.joined', { number }, `request:${number}`);
  return { followToken };
}

/** The voice of who has reported here before; `came`: it had been withdrawn and speaks again. */
async function voiceOf(
  work: Work,
  number: string,
  person: string | null,
  email: string | null,
): Promise<{ voice: string; came: boolean }> {
  const { rows } = await work.tx.execute<{ voice: string; came: boolean }>(sql`with known as (
      select id, withdrawn_at is not null as came from cc_reporter where request = ${number}
        and (person = ${person}::text or (confirmed and email_blind = ${email}::text)) order by joined_at, id limit 1
    ) update cc_reporter p set withdrawn_at = null from known where p.id = known.id returning p.id as voice, known.came`);
  return rows[0]!;
}
