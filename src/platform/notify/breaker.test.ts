import { describe, expect, it } from 'vitest';
import { MailAway, withBreaker } from './breaker.ts';
import { failureOf } from './delivery.ts';
import { type Mail, MailRefused } from './mailer.ts';

const letter: Mail = { to: 'a@example.test', subject: 's', text: 't' };

function server() {
  const state = { now: 0, tried: 0, fault: null as Error | null };
  const mailer = withBreaker(
    {
      async send() {
        state.tried += 1;
        if (state.fault) throw state.fault;
      },
    },
    () => state.now,
  );
  return { state, send: () => mailer.send(letter) };
}

describe('a mail server that does not answer', () => {
  it('is left alone for half a minute after three failures in a row, then one letter looks', async () => {
    const { state, send } = server();
    state.fault = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    for (let i = 0; i < 3; i += 1) await expect(send()).rejects.toThrow('connect');
    await expect(send()).rejects.toThrow(MailAway);
    state.now += 29_999;
    await expect(send()).rejects.toThrow(MailAway);
    expect(state.tried).toBe(3);
    state.now += 1;
    await expect(send()).rejects.toThrow('connect');
    await expect(send()).rejects.toThrow(MailAway);
    expect(state.tried).toBe(4);
    state.now += 30_000;
    state.fault = null;
    await send();
    await send();
    expect(state.tried).toBe(6);
  });

  it('is told from one that refuses a letter', async () => {
    const { state, send } = server();
    state.fault = new MailRefused('no such user');
    for (let i = 0; i < 5; i += 1) await expect(send()).rejects.toThrow(MailRefused);
    expect(state.tried).toBe(5);
  });

  it('is named in the evidence of a delivery', () => {
    expect(failureOf(new MailAway('x'))).toBe('EMAILAWAY');
  });
});
