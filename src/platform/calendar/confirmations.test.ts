// Keeps: values that wait for a lawyer (platform.md, «Legal values marked (confirm)»).
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testPlatform } from '../database/testing.ts';
import { createApp } from '../http/app.ts';
import { TestBrowser } from '../http/browser.ts';
import { newKeyRing } from '../identity/secrets.ts';
import { createPlatform } from '../platform.ts';
import { confirmLaw, confirmTerm, mustBeConfirmed, refuseUnconfirmed, termStates } from './confirmations.ts';
import { legalTerms } from './legal-terms.ts';

const test = await testPlatform();
const folder = mkdtempSync(join(tmpdir(), 'misto-'));
const keysFile = join(folder, 'k.json');
writeFileSync(keysFile, JSON.stringify(newKeyRing()));
const as = (mode: 'demo' | 'production') =>
  createPlatform({
    config: { ...test.config, mode, keysFile },
    clock: test.clock,
    pool: test.pool,
    systems: [],
  });
const [demo, production] = [as('demo'), as('production')];

describe('a term of law that is only our reading', () => {
  it('counts in a demo, and keeps a service shut in production until a named lawyer has confirmed it', async () => {
    const asked = () => mustBeConfirmed(production, ['data-subject-met']);
    await mustBeConfirmed(demo, ['data-subject-met']);
    await mustBeConfirmed(production, ['public-information']);
    await expect(asked()).rejects.toMatchObject({ status: 503, code: 'unconfirmed-law' });
    expect(() => refuseUnconfirmed(production, 'appeal-answer', false)).toThrow(/appeal-answer/);
    expect(() => refuseUnconfirmed(demo, 'appeal-answer', false)).not.toThrow();

    const app = createApp(demo, { cache: false, limits: false });
    const lawyer = await new TestBrowser(app).get('/sign-in');
    await lawyer.submit('/sign-in/demo', { persona: 'lawyer' });
    expect(lawyer.path).toBe('/desk/law');
    expect(lawyer.html).toContain('чекає на юриста міста');
    const word = {
      code: 'data-subject-met',
      lawyer: 'Віра Правдолюб, юристка',
      document: 'висновок 7 від 24.11.2026',
    };
    await lawyer.submit('/desk/law', { ...word, lawyer: '' });
    expect(lawyer.status).toBe(422);
    await lawyer.submit('/desk/law', word);
    expect(lawyer.html).toContain('Віра Правдолюб, юристка, висновок 7 від 24.11.2026');
    await asked();
  });

  it('needs another word when its value becomes another', async () => {
    await test.pool.query(`update legal_confirmation set value = jsonb_set(value, '{amount}', '31')`);
    await expect(mustBeConfirmed(production, ['data-subject-met'])).rejects.toThrow();
    const state = (await termStates(demo)).find(({ code }) => code === 'data-subject-met')!;
    expect(state).toMatchObject({ confirmed: false, by: null });
  });

  it('is confirmed by nobody without the right', async () => {
    const nobody = {
      kind: 'staff' as const,
      id: '0197c000-0000-7000-8000-00000000000a',
      name: '',
      organisation: null,
      grants: [],
      assurance: 2 as const,
    };
    await expect(
      demo.work(nobody, (work) =>
        confirmTerm(work, { code: 'data-subject-met', lawyer: 'я', document: 'усно' }),
      ),
    ).rejects.toThrow(confirmLaw);
  });
});

it('the starter terms of law are those of the specification, and what it marks waits for confirmation', () => {
  const waiting = Object.entries(legalTerms).flatMap(([code, { confirmed }]) => (confirmed ? [] : [code]));
  expect(waiting).toEqual([
    'procedure-decision',
    'procedure-decision-extension',
    'procedure-without-movement',
    'procedure-appeal',
    'administrative-service',
    'data-subject-examined',
    'data-subject-met',
  ]);
  const values = Object.fromEntries(
    Object.entries(legalTerms).map(([code, { amount, unit }]) => [code, `${amount} ${unit}`]),
  );
  expect(values).toMatchObject({
    'procedure-deemed-delivery': '5 calendar',
    'procedure-decision': '30 calendar',
    'procedure-without-movement': '3 working',
    'public-information': '5 working',
    'public-information-urgent': '48 hours',
    'public-information-large': '20 working',
    'housing-arrival': '1 calendar',
    'housing-claim': '5 working',
    'administrative-service': '30 calendar',
    'data-subject-examined': '10 working',
  });
});
