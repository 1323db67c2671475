import { sql } from 'drizzle-orm';
import { emit } from '../events/outbox.ts';
import { accessChanged } from '../events/stream.ts';
import { eraseFilesOf } from '../files/rights.ts';
import type { Text } from '../i18n/index.ts';
import { noPassword } from '../identity/passwords.ts';
import type { System } from '../system.ts';
import type { Work } from '../work.ts';
import { destroyKey } from './seal.ts';

/** What an erasure took away, and what stays and why. No personal data: it stands in the certificate. */
export interface Outcome {
  readonly gone: readonly Text[];
  readonly kept: readonly Text[];
}

/** Removes a person from every system and from the platform, and destroys the person's key. */
export async function eraseEverything(
  work: Work,
  systems: readonly System[],
  personId: string,
): Promise<Outcome> {
  const gone: Text[] = [];
  const kept: Text[] = [];
  for (const system of systems) {
    const outcome = await system.erase?.(work, personId);
    gone.push(...(outcome?.gone ?? []));
    kept.push(...(outcome?.kept ?? []));
  }
  const note = (count: number, uk: string, en: string) => {
    if (count > 0) gone.push({ uk: `${uk}: ${count}`, en: `${en}: ${count}` });
  };
  note(await eraseFilesOf(work, personId, systems), 'Файли', 'Files');
  const messages = sql`select id from message where person_id = ${personId} and weight <> 'legal'`;
  await work.tx.execute(
    sql`delete from delivery_attempt where delivery_id in (select id from delivery where message_id in (${messages}))`,
  );
  await work.tx.execute(sql`delete from delivery where message_id in (${messages})`);
  note(
    await count(work, sql`delete from message where person_id = ${personId} and weight <> 'legal'`),
    'Повідомлення',
    'Messages',
  );
  await work.tx.execute(sql`delete from notification_preference where person_id = ${personId}`);
  note(
    await count(work, sql`delete from person_contact where person_id = ${personId}`),
    'Контакти',
    'Contacts',
  );
  await work.tx.execute(sql`delete from data_export where person_id = ${personId}`);
  await work.tx.execute(sql`delete from kept_form where person_id = ${personId}`);
  note(await count(work, sql`delete from session where person_id = ${personId}`), 'Сеанси', 'Sessions');
  const now = work.clock.now().toISOString();
  await work.tx.execute(
    sql`update person set name = null, assurance = 0, handle = null, erased_at = coalesce(erased_at, ${now}::timestamptz)
        where id = ${personId}`,
  );
  await destroyKey(work, personId);
  gone.push({
    uk: 'Імʼя, рівень підтвердження особи та ключ, яким закрито слова людини в незмінних записах',
    en: 'The name, the level of identity, and the key that seals the person’s words in records that never change',
  });
  if (await closeStaffAccount(work, personId, now))
    kept.push({
      uk: 'Посада в історіях справ: рішення міста мають мати автора; обліковий запис працівника закрито',
      en: 'The post in the histories of cases: decisions of the city have an author; the staff account is closed',
    });
  const { rowCount: legal } = await work.tx.execute(
    sql`select from message where person_id = ${personId} and weight = 'legal' limit 1`,
  );
  if (legal)
    kept.push({
      uk: 'Офіційні повідомлення та докази їх доставлення: від них рахуються строки оскарження',
      en: 'Legal notices and the evidence of their delivery: terms of appeal run from them',
    });
  kept.push({
    uk: 'Журнал аудиту під знеособленим номером: закон вимагає доводити, хто працював із персональними даними',
    en: 'The audit log, under a blind id: the law asks to prove who acted on personal data',
  });
  await emit(work, accessChanged, { person: personId });
  return { gone, kept };
}

async function closeStaffAccount(work: Work, personId: string, now: string): Promise<boolean> {
  const { rows } = await work.tx.execute<{ id: string }>(
    sql`update staff_account set login = 'erased-' || id, password = ${noPassword}, totp_secret = null,
          blocked_at = coalesce(blocked_at, ${now}::timestamptz) where person_id = ${personId} returning id`,
  );
  if (!rows[0]) return false;
  await work.tx.execute(sql`delete from recovery_code where account_id = ${rows[0].id}`);
  await work.tx.execute(
    sql`update access_grant set revoked_at = ${now} where person_id = ${personId} and revoked_at is null`,
  );
  return true;
}

async function count(work: Work, statement: ReturnType<typeof sql>): Promise<number> {
  return (await work.tx.execute(statement)).rowCount ?? 0;
}
