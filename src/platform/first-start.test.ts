import { describe, expect, it } from 'vitest';
import { grantRole } from './access/grants.ts';
import type { Mode } from './config/index.ts';
import { testPlatform } from './database/testing.ts';
import { refuseDemo, stillMissing } from './first-start.ts';
import { createPerson } from './identity/persons.ts';
import { createStaffAccount } from './identity/staff.ts';
import { createPlatform } from './platform.ts';
import { systemActor } from './work.ts';

const test = await testPlatform();
const inMode = (mode: Mode, smtpUrl: string | null = null) =>
  createPlatform({ ...test, config: { ...test.config, mode, smtpUrl } });

describe('a start in production', () => {
  it('tells what is missing until there is an administrator and a mail server', async () => {
    expect(await stillMissing(inMode('production'))).toHaveLength(2);
    await test.work(systemActor('test'), async (work) => {
      const personId = await createPerson(work, work.secrets, { name: 'Перша' });
      await createStaffAccount(work, { personId, login: 'first', post: 'Адміністратор', password: null });
      await grantRole(work, { personId, role: 'administrator', reason: 'test' });
    });
    expect(await stillMissing(inMode('production'))).toEqual([expect.stringContaining('SMTP_URL')]);
    expect(await stillMissing(inMode('production', 'smtp://mail.example'))).toEqual([]);
    expect(await stillMissing(inMode('demo'))).toEqual([]);
  });

  it('is refused over a database that a demonstration has filled, be it only with its people', async () => {
    await refuseDemo(inMode('production'));
    await test.work(systemActor('test'), (work) =>
      createPerson(work, work.secrets, { name: 'Вигадана', handle: 'demo:resident' }),
    );
    await expect(refuseDemo(inMode('production'))).rejects.toThrow(/^MISTO_MODE: this database holds a demo/);
    await refuseDemo(inMode('demo'));
    await test.pool.query(`delete from person where handle like 'demo:%'`);
    await refuseDemo(inMode('production'));
    await test.pool.query('update installation set demo_filled_at = now()');
    await expect(refuseDemo(inMode('production'))).rejects.toThrow(/one of its own/);
  });
});
