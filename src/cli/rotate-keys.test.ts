import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openEmergency } from '#platform/access/emergency.ts';
import { breakGlass } from '#platform/access/roles.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { makeCode } from '#platform/identity/codes.ts';
import { addVerifiedContact, createPerson } from '#platform/identity/persons.ts';
import { newKeyRing, openSecrets, readKeyRing, type Secrets, secretsOf } from '#platform/identity/secrets.ts';
import { createStaffAccount } from '#platform/identity/staff.ts';
import { defineTemplate, notify } from '#platform/notify/index.ts';
import { reseal } from '#platform/personal-data/reseal.ts';
import { sealFor } from '#platform/personal-data/seal.ts';
import { createPlatform } from '#platform/platform.ts';
import { anonymous, systemActor, type Work } from '#platform/work.ts';
import { inPost } from '#systems/contact-centre/posts.ts';
import { contactCentreData } from '../../city/dnipro/index.ts';
import { answerAppeal, makeStatutory } from '../systems/contact-centre/appeals.ts';
import { loadCityData } from '../systems/contact-centre/city.ts';
import { startContact } from '../systems/contact-centre/contacts.ts';
import { act } from '../systems/contact-centre/moves.ts';
import { keepContact } from '../systems/contact-centre/personal.ts';
import { registerRequest } from '../systems/contact-centre/requests.ts';
import { openRequest, sealSubscription } from '../systems/contact-centre/sealing.ts';
import { command as addKey } from './add-key.ts';
import { command as rotateKeys, sealedColumns } from './rotate-keys.ts';
import { command as useKey } from './use-key.ts';

const directory = mkdtempSync(join(tmpdir(), 'misto-rotate-'));
afterAll(() => rmSync(directory, { recursive: true }));
const file = join(directory, 'keys.json');
writeFileSync(file, JSON.stringify(newKeyRing('k1')), { mode: 0o600 });

const test = await testPlatform();
/** A process that was started with the ring as the file has it now. */
const started = () =>
  createPlatform({ ...test, pool: test.pool, config: { ...test.config, keysFile: file } });
const before = started();
const columns = sealedColumns();

const letter = defineTemplate<Record<string, never>>('test.letter', 1, {
  uk: () => ({ subject: 'Лист', lines: [] }),
  en: () => ({ subject: 'Letter', lines: [] }),
});

let number = '';
const report = (on = before, key = 'rotate-1') =>
  on.work(anonymous, (work) =>
    registerRequest(work, {
      source: 'web',
      intakeKey: key,
      category: 'road-sign',
      text: 'Дзвоніть 067 123 45 09',
      place: { building: contactCentreData.buildings[0]!.id, flat: '7' },
      reporter: { channel: 'web', language: 'uk', name: 'Соломія', phone: '+380671234509' },
    }),
  );

beforeAll(async () => {
  await before.work(systemActor('city'), (work) => loadCityData(work, contactCentreData));
  for (let n = 0; n < 7; n += 1) await report(before, `more-${n}`);
  number = (await report()).number;
  await before.work(inPost('supervisor'), (work) =>
    act(work, number, 'assign', { organisation: 'contact-centre', reason: 'Просила пані, 067 123 45 09' }),
  );
  await before.work(inPost('operator'), (work) =>
    makeStatutory(work, number, {
      name: 'Соломія Вигадана',
      residence: 'село Забудькове',
      kind: 'complaint',
    }),
  );
  await before.work(inPost('dispatcher', 'contact-centre'), (work) =>
    answerAppeal(work, number, {
      answer: 'Знак встановлено',
      grounds: 'Обстеження на місці',
      howToAppeal: 'До суду протягом місяця',
      signer: 'Начальниця відділу',
    }),
  );
  await before.work(inPost('operator'), async (work) => {
    await startContact(work, { phone: '067 123 45 09' });
    await keepContact(work, { channel: 'phone', phone: '067 123 45 09', outcome: 'consultation' });
    await makeCode(work, work.secrets, 'solomiia@example.test');
    const person = await createPerson(work, work.secrets, {
      name: 'Соломія Вигадана',
      language: 'uk',
      assurance: 1,
    });
    await addVerifiedContact(work, work.secrets, person, 'email', 'solomiia@example.test');
    await sealFor(work, work.secrets, person, 'слово', { table: 't', column: 'c', row: '1' });
    const account = await createStaffAccount(work, {
      personId: person,
      login: 'solomiia',
      post: 'Пост',
      password: null,
    });
    const place = { table: 'staff_account', column: 'totp_secret', row: account };
    await work.tx.execute(
      sql`update staff_account set totp_secret = ${work.secrets.encrypt('JBSWY3DP', place)} where id = ${account}`,
    );
    const emergency: Work = {
      ...work,
      actor: {
        ...systemActor('Пост'),
        kind: 'staff',
        id: person,
        grants: [
          {
            role: 'emergency-access',
            permissions: new Set([breakGlass]),
            organisation: null,
            district: null,
            branch: null,
          },
        ],
      },
    };
    await openEmergency(emergency, 'Соломія Вигадана кличе на допомогу');
    await notify(work, {
      to: { email: 'solomiia@example.test', language: 'uk', secrets: work.secrets },
      event: 'e1',
      template: letter,
      variables: {},
      link: '/follow/secret',
      postal: 'Соломія Вигадана, село Забудькове',
      weight: 'service',
    });
    const id = '0197c000-0000-7000-8000-0000000000aa';
    const { key, sealed } = sealSubscription(work.secrets, id, 'solomiia@example.test');
    await work.tx.execute(sql`insert into cc_subscription (id, key, sealed, token_hash, language, made_at)
      values (${id}, ${key}, ${sealed}, 'h', 'uk', ${work.clock.now().toISOString()})`);
  });
});

/** Everything that the ring sealed, opened. */
async function opened(secrets: Secrets): Promise<Record<string, string | null>> {
  const all: Record<string, string | null> = {};
  for (const { table, column, key, place } of columns) {
    const names = Object.keys(key);
    const { rows } = await test.pool.query<{ key: string[]; value: string }>(
      `select array[${names.map((name) => `${name}::text`)}] as key, ${column} as value from ${table} where ${column} is not null`,
    );
    for (const row of rows)
      all[`${table}.${column} ${row.key.join('/')}`] = secrets.decrypt(
        row.value,
        place?.(row.key) ?? { table, column, row: row.key.join('/') },
      );
  }
  return all;
}

/** Places of the whole database, whatever their table, where something stands under a key. */
async function placesUnder(key: string): Promise<string[]> {
  const { rows: all } = await test.pool.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`,
  );
  const found: string[] = [];
  for (const { name } of all) {
    const { rows } = await test.pool.query<{ column: string }>(
      `select e.key as column from "${name}" t, jsonb_each(to_jsonb(t)) e where e.value::text ~ $1`,
      [`"${key}\\.[A-Za-z0-9_-]{38,}`],
    );
    found.push(...rows.map(({ column }) => `${name}.${column}`));
  }
  return found;
}

async function owner(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: test.url });
  await client.connect();
  return client;
}

describe('a rotation of keys', () => {
  let whole: Record<string, string | null>;
  let next = '';

  it('begins with a key that reads and does not write, then lets it write; the first key stays first', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    await addKey.run([file]);
    expect(readKeyRing(file).active).toBe('k1');
    next = Object.keys(readKeyRing(file).keys)[1]!;
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await expect(useKey.run([file, 'none'])).rejects.toThrow(/holds no key none, but k1/);
    await useKey.run([file, next]);
    expect(readKeyRing(file).active).toBe(next);
    expect(Object.keys(readKeyRing(file).keys)).toEqual(['k1', next]);
    const after = secretsOf(started().config);
    expect(after.blind('phone', '1')).toBe(secretsOf(before.config).blind('phone', '1'));
    log.mockRestore();
  });

  it('that is cut off half-way leaves everything readable, to processes with the new ring and while they write', async () => {
    whole = await opened(secretsOf(before.config));
    // Every column that is sealed has something in it, so that none is forgotten by this test.
    for (const { table, column } of columns)
      expect(
        Object.keys(whole).some((name) => name.startsWith(`${table}.${column} `)),
        `${table}.${column}`,
      ).toBe(true);
    const now = started();
    const client = await owner();
    let batches = 0;
    const cut = reseal(client, secretsOf(now.config), columns, {
      batch: 2,
      onBatch: () => {
        batches += 1;
        if (batches === 12) throw new Error('killed');
      },
    });
    await expect(cut).rejects.toThrow('killed');
    await client.end();
    expect((await placesUnder('k1')).length).toBeGreaterThan(0);
    expect((await placesUnder(next)).length).toBeGreaterThan(0);
    expect(await opened(secretsOf(now.config))).toEqual(whole);
    expect((await openRequest(now.db, secretsOf(now.config), number))?.text).toBe('Дзвоніть 067 123 45 09');
    await report(now, 'meanwhile');
  });

  it('passes over a row that somebody holds, and says that it is left', async () => {
    const holder = await owner();
    await holder.query('begin');
    await holder.query('select from cc_contact for update');
    const client = await owner();
    const results = await reseal(client, secretsOf(started().config), columns);
    const of = (table: string) => results.find((one) => one.table === table);
    expect(of('cc_contact')).toMatchObject({ moved: 0, left: 1 });
    expect(of('cc_request')).toMatchObject({ left: 0, locked: 0, broken: 0 });
    await holder.query('rollback');
    await Promise.all([holder.end(), client.end()]);
  });

  it('goes on where it was by the command, until nothing in the whole database is under the old key', async () => {
    const lines: string[] = [];
    const log = vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(line));
    vi.stubEnv('MISTO_MODE', 'test');
    vi.stubEnv('DATABASE_URL', test.url.replace('@/', '@localhost/'));
    vi.stubEnv('MISTO_KEYS', file);
    await rotateKeys.run([]);
    vi.unstubAllEnvs();
    log.mockRestore();
    expect(process.exitCode).toBeUndefined();
    expect(lines).toEqual([
      'cc_contact.key: 1 sealed anew',
      expect.stringMatching(/^Nothing is left under an older key/),
    ]);
    expect(await placesUnder('k1')).toEqual([]);
    const alone = openSecrets({ active: next, keys: { [next]: readKeyRing(file).keys[next]! } });
    const now = await opened(alone);
    expect(now).toMatchObject(whole);
    expect(Object.values(now)).not.toContain(null);
    const { rows } = await test.pool.query(
      `select entry from audit_pending where entry->>'action' = 'platform:rotate-keys'`,
    );
    expect(rows[0].entry).toMatchObject({ resource: `key:${next}`, detail: { moved: 1, left: 0 } });
  });

  it('takes up what a process with the ring of before wrote afterwards', async () => {
    await report(before, 'late');
    const client = await owner();
    const results = await reseal(client, secretsOf(started().config), columns);
    expect(results.filter(({ moved }) => moved > 0).map(({ table }) => table)).toEqual([
      'cc_request',
      'cc_reporter',
    ]);
    await client.end();
  });

  it('leaves what it cannot open as it is, and tells of it', async () => {
    const client = await owner();
    const strange = `gone.${Buffer.alloc(60).toString('base64url')}`;
    await client.query('update message set link = $1', [strange]);
    await client.query(`update person set name = 'k1.' || repeat('A', 60)`);
    const results = await reseal(client, secretsOf(started().config), columns);
    expect(results.find(({ column }) => column === 'link')).toMatchObject({ locked: 1, broken: 0, left: 0 });
    expect(results.find(({ table }) => table === 'person')).toMatchObject({ locked: 0, broken: 1, left: 0 });
    const { rows } = await client.query('select link from message');
    expect(rows[0].link).toBe(strange);
    await client.end();
  });

  it('changes a sent answer’s seal for the owner of the database only, and nothing else of it', async () => {
    const client = await owner();
    await client.query(`set misto.reseals = 'on'`);
    await expect(client.query(`update cc_appeal_answer set signer = 'x'`)).rejects.toThrow(/as it was sent/);
    await client.query('set role misto_app');
    await expect(client.query(`update cc_appeal_answer set body = 'x'`)).rejects.toThrow(/as it was sent/);
    await client.end();
  });

  it('refuses a ring of several keys of which one is named by a number: it would become the first', () => {
    const wrong = join(directory, 'wrong.json');
    writeFileSync(wrong, readFileSync(file, 'utf8').replaceAll(next, '2'));
    expect(() => readKeyRing(wrong)).toThrow(/put a letter before it/);
  });
});
