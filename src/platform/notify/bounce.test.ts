import { describe, expect, it } from 'vitest';
import { manualClock } from '../clock.ts';
import { testPlatform } from '../database/testing.ts';
import { addVerifiedContact, createPerson } from '../identity/persons.ts';
import { secretsOf } from '../identity/secrets.ts';
import { systemActor } from '../work.ts';
import { readBounce, recordBounce } from './bounce.ts';
import { deliverDue, emailChannel, passOn } from './delivery.ts';
import { defineTemplate, notify } from './index.ts';

const clock = manualClock('2026-11-24T10:00:00Z');
const platform = await testPlatform({ clock });
const secrets = secretsOf(platform.config);
const actor = systemActor('test');
const decision = defineTemplate<{ number: string }>('test.decision', 1, {
  uk: ({ number }) => ({ subject: `Рішення ${number}`, lines: ['Готове.'] }),
  en: ({ number }) => ({ subject: `Decision ${number}`, lines: ['Ready.'] }),
});

let made = 0;
async function tell(weight: 'legal' | 'service', sent = true): Promise<string> {
  made += 1;
  const message = await platform.work(actor, async (work) => {
    const person = await createPerson(work, secrets, { name: 'Олена' });
    await addVerifiedContact(work, secrets, person, 'email', `person${made}@example.test`);
    return notify(work, {
      to: { person },
      event: `e${made}`,
      template: decision,
      variables: { number: String(made) },
      weight,
    });
  });
  const channel = emailChannel({ send: async () => {} });
  if (sent) await deliverDue(platform, channel, { channels: [channel] });
  return message!;
}

const states = async (message: string) => {
  const { rows } = await platform.pool.query(
    `select channel, state, array(select outcome || ' ' || detail from delivery_attempt a where a.delivery_id = d.id order by a.id) as attempts
     from delivery d where message_id = $1 order by id`,
    [message],
  );
  return rows;
};

/** As Postfix writes them; Exchange and Exim differ in the words for people, which nobody reads here. */
const returned = (message: string, action = 'failed', status = '5.1.1') =>
  [
    'Return-Path: <>',
    'From: MAILER-DAEMON@mx.example.test (Mail Delivery System)',
    'Subject: Undelivered Mail Returned to Sender',
    'Content-Type: multipart/report; report-type=delivery-status;',
    '\tboundary="4bX9.1764064800/mx.example.test"',
    '',
    'This is a MIME-encapsulated message.',
    '',
    '--4bX9.1764064800/mx.example.test',
    'Content-Description: Notification',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    '<person1@example.test>: host mx said: 550 5.1.1 unknown user',
    '',
    '--4bX9.1764064800/mx.example.test',
    'Content-Description: Delivery report',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.test',
    'Arrival-Date: Tue, 24 Nov 2026 12:00:00 +0200 (EET)',
    '',
    'Final-Recipient: rfc822; person1@example.test',
    `Action: ${action}`,
    `Status: ${status}`,
    'Diagnostic-Code: smtp; 550 5.1.1 person1@example.test unknown',
    '',
    '--4bX9.1764064800/mx.example.test',
    'Content-Description: Undelivered Message Headers',
    'Content-Type: text/rfc822-headers',
    '',
    'Subject: =?UTF-8?Q?=D0=A0?=',
    `Message-ID: <${message}@misto.example>`,
    'To: person1@example.test',
    '',
    '--4bX9.1764064800/mx.example.test--',
    '',
  ].join('\r\n');

describe('a letter that comes back', () => {
  it('is known by its Message-ID, and nothing but the code is kept of it', () => {
    const id = '0197c000-0000-7000-8000-00000000000a';
    expect(readBounce(returned(id))).toEqual({ message: id, action: 'failed', status: '5.1.1' });
    expect(readBounce(returned(id, 'delayed', '4.4.1'))).toMatchObject({ action: 'delayed' });
    expect(readBounce(returned(id, 'relayed', '2.1.5'))).toMatchObject({ action: 'delivered' });
  });

  it('that is an answer, a report about others, or broken, is nothing', () => {
    expect(readBounce('')).toBeNull();
    expect(readBounce('Subject: Дякую\n\nДобрий день')).toBeNull();
    expect(readBounce(returned('not-ours'))).toBeNull();
    expect(readBounce(returned('0197c000-0000-7000-8000-00000000000a').slice(0, 900))).toBeNull();
  });

  it('marks the delivery as refused, and a letter of the law goes by post', async () => {
    const [news, law] = [await tell('service'), await tell('legal')];
    for (const message of [news, law])
      expect(await recordBounce(platform, readBounce(returned(message))!)).toBe(true);
    const refused = { channel: 'email', state: 'failed', attempts: ['sent ', 'refused dsn 5.1.1'] };
    expect(await states(news)).toEqual([refused]);
    expect(await states(law)).toEqual([refused, { channel: 'post', state: 'queued', attempts: [] }]);
    // The mail server sends it twice.
    expect(await recordBounce(platform, readBounce(returned(law))!)).toBe(false);
    expect(await states(law)).toHaveLength(2);
  });

  it('changes nothing while the server still tries', async () => {
    const message = await tell('legal');
    expect(await recordBounce(platform, readBounce(returned(message, 'delayed', '4.4.1'))!)).toBe(true);
    expect(await states(message)).toEqual([{ channel: 'email', state: 'sent', attempts: ['sent '] }]);
  });
});

it('that a letter has arrived is kept as evidence', async () => {
  const message = await tell('legal');
  await recordBounce(platform, readBounce(returned(message, 'delivered', '2.0.0'))!);
  expect(await states(message)).toEqual([
    { channel: 'email', state: 'sent', attempts: ['sent ', 'delivered dsn 2.0.0'] },
  ]);
});

describe('without a mail server', () => {
  it('what the law wants sent becomes the task to send it by post; other letters wait a week for one, and are over', async () => {
    const [news, law] = [await tell('service', false), await tell('legal', false)];
    expect(await passOn(platform, ['email'])).toBe(0);
    expect(await passOn(platform, [])).toBe(1);
    expect(await states(law)).toEqual([
      { channel: 'email', state: 'failed', attempts: ['failed no channel'] },
      { channel: 'post', state: 'queued', attempts: [] },
    ]);
    expect(await states(news)).toEqual([{ channel: 'email', state: 'queued', attempts: [] }]);
    clock.advance(8 * 86_400_000);
    expect(await passOn(platform, [])).toBe(1);
    expect(await states(news)).toEqual([
      { channel: 'email', state: 'expired', attempts: ['expired no channel'] },
    ]);
  });
});
