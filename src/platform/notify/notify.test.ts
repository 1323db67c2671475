import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { manualClock } from '../clock.ts';
import { testPlatform } from '../database/testing.ts';
import { addVerifiedContact, createPerson } from '../identity/persons.ts';
import { secretsOf } from '../identity/secrets.ts';
import { systemActor } from '../work.ts';
import { type Channel, deliverDue, emailChannel, failureOf, startDelivery } from './delivery.ts';
import { defineTemplate, inboxOf, markRead, notify, setWish, unreadCount, unsubscribe } from './index.ts';
import { keptMail, mailerOf } from './kept.ts';
import { MailRefused, smtpMailer } from './mailer.ts';
import { afterQuiet, isQuiet, quietHours } from './quiet.ts';

const clock = manualClock('2026-11-24T10:00:00Z');
const platform = await testPlatform({ clock });
const secrets = secretsOf(platform.config);
const actor = systemActor('test');
let made = 0;

async function someone(language: 'uk' | 'en' = 'uk') {
  made += 1;
  const email = `person${made}@example.test`;
  const id = await platform.work(actor, async (work) => {
    const id = await createPerson(work, secrets, { name: 'Олена', language });
    await addVerifiedContact(work, secrets, id, 'email', email);
    return id;
  });
  return { id, email };
}

const closed = defineTemplate<{ number: string; note: string }>('test.closed', 3, {
  uk: (v) => ({
    subject: `Звернення ${v.number} закрито`,
    lines: ['Роботи виконано.', v.note],
    href: `/r/${v.number}`,
  }),
  en: (v) => ({
    subject: `Request ${v.number} is closed`,
    lines: ['The work is done.', v.note],
    href: `/r/${v.number}`,
  }),
});
const variables = { number: '26-1', note: 'Дякуємо <b>&' };
const tell = (
  person: string,
  event: string,
  more: Partial<Parameters<typeof notify<typeof variables>>[1]> = {},
) =>
  platform.work(actor, (work) =>
    notify(work, { to: { person }, event, template: closed, variables, weight: 'service', ...more }),
  );

/** A mail server on loopback that keeps what it is given. */
async function mailServer(port = 0, refuse?: (address: string) => boolean) {
  const letters: ParsedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (address, _session, done) =>
      done(
        refuse?.(address.address)
          ? Object.assign(new Error(`no such user ${address.address}`), { responseCode: 550 })
          : null,
      ),
    onData: (stream, _session, done) => {
      simpleParser(stream).then((mail) => {
        letters.push(mail);
        done();
      }, done);
    },
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    letters,
    port: (server.server.address() as AddressInfo).port,
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

const states = async (event: string) => {
  const { rows } = await platform.pool.query(
    `select d.channel, d.state, array(select outcome from delivery_attempt a where a.delivery_id = d.id order by a.id) as outcomes
     from delivery d join message m on m.id = d.message_id where m.event = $1 order by d.id`,
    [event],
  );
  return rows;
};

describe('a message', () => {
  it('is in the inbox with its event, once, in the language of the person', async () => {
    const person = await someone('en');
    expect(await tell(person.id, 'e1')).not.toBeNull();
    expect(await tell(person.id, 'e1')).toBeNull();
    expect(await inboxOf(platform.db, person.id)).toMatchObject([
      {
        subject: 'Request 26-1 is closed',
        lines: ['The work is done.', 'Дякуємо <b>&'],
        href: '/r/26-1',
        readAt: null,
      },
    ]);
    expect(await unreadCount(platform.db, person.id)).toBe(1);
    const [message] = await inboxOf(platform.db, person.id);
    const other = await someone();
    await expect(
      platform.work({ ...actor, kind: 'person', id: other.id }, (work) => markRead(work, message!.id)),
    ).rejects.toThrow('not found');
    await platform.work({ ...actor, kind: 'person', id: person.id }, (work) => markRead(work, message!.id));
    expect(await unreadCount(platform.db, person.id)).toBe(0);
  });

  it('goes out over SMTP as text and HTML, and what a variable holds stays text', async () => {
    const server = await mailServer();
    const channel = emailChannel(smtpMailer(`smtp://127.0.0.1:${server.port}`, 'city@example.test'));
    const person = await someone();
    await tell(person.id, 'e2', { variables: { number: '26-2\r\nBcc: a@b.test', note: 'Дякуємо <b>&' } });
    while ((await deliverDue(platform, channel, { channels: [channel] })) > 0);
    const letter = server.letters.find((one) => one.subject?.includes('26-2'))!;
    expect(letter.subject).toBe('Звернення 26-2 Bcc: a@b.test закрито');
    expect(letter.bcc).toBeUndefined();
    expect(letter.text).toContain('Дякуємо <b>&');
    expect(letter.html).toContain('Дякуємо &lt;b&gt;&amp;');
    expect(letter.text).toContain('http://misto.test/r/26-2');
    expect(letter.headers.get('auto-submitted')).toBe('auto-generated');
    expect(await states('e2')).toEqual([{ channel: 'email', state: 'sent', outcomes: ['sent'] }]);
    await server.stop();
  });

  it('waits while the mail server is away and is then sent once, by one of two processes', async () => {
    const first = await mailServer();
    await first.stop();
    const channel = emailChannel(smtpMailer(`smtp://127.0.0.1:${first.port}`, 'city@example.test'));
    const person = await someone();
    await tell(person.id, 'e3');
    const options = { channels: [channel], retryAfter: 20 };
    const loops = [startDelivery(platform, options), startDelivery(platform, options)];
    await vi.waitFor(async () => expect((await states('e3'))[0].outcomes).toEqual(['failed']), {
      timeout: 5_000,
    });
    const back = await mailServer(first.port);
    clock.advance(60_000);
    for (const loop of loops) loop.ping();
    await vi.waitFor(async () => expect((await states('e3'))[0].state).toBe('sent'), { timeout: 10_000 });
    for (const loop of loops) await loop.stop();
    expect(back.letters.filter((letter) => [letter.to].flat()[0]?.text === person.email)).toHaveLength(1);
    await back.stop();
  });

  it('that an address refuses takes the next channel, and a legal one with none left goes by post', async () => {
    const server = await mailServer(0, () => true);
    const email = emailChannel(smtpMailer(`smtp://127.0.0.1:${server.port}`, 'city@example.test'));
    const sms: Channel = {
      name: 'sms',
      contact: 'phone',
      carry: async () => {
        throw new MailRefused('number unknown');
      },
    };
    const person = await someone();
    await tell(person.id, 'e4', { weight: 'legal' });
    const options = { channels: [email, sms] };
    await deliverDue(platform, email, options);
    await deliverDue(platform, sms, options);
    expect(await states('e4')).toEqual([
      { channel: 'email', state: 'failed', outcomes: ['refused'] },
      { channel: 'sms', state: 'failed', outcomes: ['refused'] },
      { channel: 'post', state: 'queued', outcomes: [] },
    ]);
    await server.stop();
    const { rows } = await platform.pool.query('select detail from delivery_attempt');
    const details = rows.map(({ detail }) => detail as string);
    expect(details).toContain('smtp 550');
    expect(details.join(' ')).not.toMatch(/@|no such user/);
  });

  it('keeps of a failure its code and class, never the words of the mail server', () => {
    const answer = Object.assign(new Error('552 olena@example.org: mailbox full'), { responseCode: 552 });
    expect(failureOf(new MailRefused(answer.message, { cause: answer }))).toBe('smtp 552');
    expect(failureOf(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }))).toBe('ECONNREFUSED');
    expect(failureOf(Object.assign(new Error(), { code: 'olena@example.org' }))).toBe('error');
    expect(failureOf(new Error('olena@example.org is unknown'))).toBe('error');
    expect(failureOf('olena@example.org')).toBe('error');
  });

  it('whose process died while sending is left to staff, not sent again', async () => {
    const person = await someone();
    await tell(person.id, 'e5');
    await platform.pool.query(
      `update delivery set state = 'sending', started_at = $1 where message_id = (select id from message where event = 'e5')`,
      [clock.now()],
    );
    clock.advance(6 * 60_000);
    const mailer = { send: vi.fn() };
    await deliverDue(platform, emailChannel(mailer), { channels: [] });
    expect(await states('e5')).toEqual([{ channel: 'email', state: 'uncertain', outcomes: ['uncertain'] }]);
    expect(mailer.send).not.toHaveBeenCalled();
  });

  it('keeps the quiet hours unless it is urgent, across the change of clocks', async () => {
    const usual = await quietHours(platform.db);
    expect(usual).toEqual({ from: 21, until: 8 });
    expect(afterQuiet(usual, new Date('2026-11-24T18:59:00Z'))).toEqual(new Date('2026-11-24T18:59:00Z'));
    expect(afterQuiet(usual, new Date('2026-11-24T19:00:00Z'))).toEqual(new Date('2026-11-25T06:00:00Z'));
    expect(afterQuiet(usual, new Date('2026-10-24T20:30:00Z'))).toEqual(new Date('2026-10-25T06:00:00Z'));
    expect(afterQuiet(usual, new Date('2026-03-29T00:30:00Z'))).toEqual(new Date('2026-03-29T05:00:00Z'));
    const noon = { from: 12, until: 14 };
    expect(afterQuiet(noon, new Date('2026-11-24T10:30:00Z'))).toEqual(new Date('2026-11-24T12:00:00Z'));
    const never = { from: 8, until: 8 };
    expect(isQuiet(never, new Date('2026-11-24T06:00:00Z'))).toBe(false);
    const evening = clock.now();
    clock.set('2026-11-24T20:00:00Z');
    const person = await someone();
    await tell(person.id, 'e6');
    await tell(person.id, 'e7', { urgent: true });
    const sent: string[] = [];
    const channel = emailChannel({ send: async (mail) => void sent.push(mail.to) });
    await deliverDue(platform, channel, { channels: [channel] });
    expect(sent).toEqual([person.email]);
    clock.set('2026-11-25T06:00:00Z');
    await deliverDue(platform, channel, { channels: [channel] });
    expect(sent).toHaveLength(2);
    expect(evening).toBeInstanceOf(Date);
  });

  it('of news needs a wish, and one click ends it', async () => {
    const person = await someone();
    const own = { ...actor, kind: 'person' as const, id: person.id };
    await tell(person.id, 'n1', { weight: 'news' });
    expect(await states('n1')).toEqual([]);
    await platform.work(own, (work) => setWish(work, 'news', 'email', true));
    await tell(person.id, 'n2', { weight: 'news' });
    const mails: { unsubscribeUrl?: string }[] = [];
    const channel = emailChannel({ send: async (mail) => void mails.push(mail) });
    await deliverDue(platform, channel, { channels: [channel] });
    const token = mails.at(-1)!.unsubscribeUrl!.split('/').at(-1)!;
    await expect(
      platform.work(actor, (work) => unsubscribe(work, secrets, `${token.slice(0, -1)}!`)),
    ).rejects.toThrow();
    await platform.work(actor, (work) => unsubscribe(work, secrets, token));
    await tell(person.id, 'n3', { weight: 'news' });
    expect(await states('n3')).toEqual([]);
    expect(await inboxOf(platform.db, person.id)).toHaveLength(3);
  });

  it('to someone without an account keeps the address unreadable, and is shown where no mail server is set', async () => {
    await platform.work(actor, (work) =>
      notify(work, {
        to: { email: 'Guest@example.test', language: 'uk', secrets },
        event: 'g1',
        template: closed,
        variables,
        weight: 'service',
      }),
    );
    const { rows } = await platform.pool.query(`select address, recipient from message where event = 'g1'`);
    expect(JSON.stringify(rows)).not.toContain('uest@');
    const channel = emailChannel(mailerOf(platform)!);
    await deliverDue(platform, channel, { channels: [channel] });
    expect((await keptMail(platform))[0]).toMatchObject({
      to: 'Guest@example.test',
      subject: 'Звернення 26-1 закрито',
    });
  });
});

afterAll(() => vi.restoreAllMocks());
