import { sql } from 'drizzle-orm';
import { secretsOf } from '../identity/secrets.ts';
import { defineTemplate, notify } from '../notify/index.ts';
import type { JobDefinition } from '../system.ts';
import { systemActor } from '../work.ts';
import type { Head } from './heads.ts';

/** A head that nobody has been told of for so long is old news: the published document has it. */
const twoDays = 2 * 86_400_000;

const headSigned = defineTemplate<{ head: Head }>('audit.head', 1, {
  uk: ({ head }) => ({
    subject: `Підсумок журналу аудиту: ${head.size} записів`,
    lines: ['Збережіть цей лист: за ним видно, якщо журнал згодом змінять.', JSON.stringify(head)],
    href: '/.well-known/misto/audit-heads.json',
  }),
  en: ({ head }) => ({
    subject: `Head of the audit log: ${head.size} entries`,
    lines: ['Keep this letter: by it one sees if the log is changed later.', JSON.stringify(head)],
    href: '/.well-known/misto/audit-heads.json',
  }),
});

/** Sends each new head to the witnesses of the installation (`AUDIT_WITNESSES`): each of them once. */
export const tellWitnessesJob: JobDefinition = {
  name: 'platform.tell-witnesses',
  schedule: '*/10 * * * *',
  async run(platform) {
    const { auditWitnesses } = platform.config;
    if (auditWitnesses.length === 0) return;
    const since = new Date(platform.clock.now().getTime() - twoDays).toISOString();
    const { rows } = await platform.db.execute<{ head: Head }>(
      sql`select head from audit_head where at > ${since} order by size`,
    );
    const secrets = secretsOf(platform.config);
    await platform.work(systemActor('audit'), async (work) => {
      for (const { head } of rows)
        for (const email of auditWitnesses)
          await notify(work, {
            to: { email, language: 'uk', secrets },
            event: `audit-head:${head.size}`,
            template: headSigned,
            variables: { head },
            weight: 'legal',
          });
    });
  },
};
