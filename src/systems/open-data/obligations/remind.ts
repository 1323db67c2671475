import { audit } from '#platform/audit/append.ts';
import { localDate } from '#platform/calendar/index.ts';
import { defineTemplate, notify } from '#platform/notify/index.ts';
import type { Work } from '#platform/work.ts';
import { Absent } from '../faults.ts';
import { responsibleFor } from '../promises/responsible.ts';
import { mustBeOfficer } from '../rights.ts';
import { readBoard } from './board.ts';

/**
 * «Нагадати»: the officer asks who answers for an obligation in a unit to publish or update it, at most once a day.
 *
 * @returns the posts that were told now; empty: they were told today already, or nobody is there.
 * @throws Denied; Absent for a cell where nothing is wanted.
 */
export async function remindOf(
  work: Work,
  cell: { readonly code: string; readonly organisation: string },
): Promise<string[]> {
  mustBeOfficer(work.actor);
  const now = work.clock.now();
  const { cells } = await readBoard(work.tx, now);
  const found = cells.find((one) => one.obligation.code === cell.code && one.unit?.id === cell.organisation);
  if (!found?.unit || found.state === 'published' || found.state === 'not applicable') throw new Absent();
  const responsible = (await responsibleFor(work.tx, [found.unit.id], now)).get(found.unit.id) ?? [];
  const told: string[] = [];
  for (const { person, post } of responsible) {
    const sent = await notify(work, {
      to: { person },
      event: `open-data.remind:${cell.code}:${found.unit.id}:${localDate(now)}`,
      template: wanted,
      variables: {
        title: found.obligation.title,
        unit: found.unit.title,
        state: found.state,
        dataset: found.datasets[0]?.name ?? null,
      },
      weight: 'service',
    });
    if (sent !== null) told.push(post);
  }
  if (told.length > 0)
    await audit(work, {
      action: 'open-data:remind',
      resource: `open-data-obligation:${cell.code}`,
      subjects: responsible.map((one) => one.person),
      detail: { organisation: cell.organisation },
    });
  return told;
}

interface Wanted {
  readonly title: string;
  readonly unit: string;
  readonly state: 'missing' | 'stale' | 'broken';
  readonly dataset: string | null;
}

const words = {
  uk: {
    subject: 'Обовʼязковий набір даних чекає на вас',
    missing: 'Набір ще не оприлюднено. Створіть його за столом публікатора.',
    stale: 'Строк оновлення минув. Завантажте новий файл або підтвердьте: «Змін немає».',
    broken: 'Дані не відкриваються. Перевірте посилання або завантажте файл знову.',
  },
  en: {
    subject: 'An obligatory dataset waits for you',
    missing: 'The dataset is not published yet. Make it at the publisher’s desk.',
    stale: 'Its date has passed. Upload the new file, or confirm: “No changes”.',
    broken: 'The data do not open. Check the link, or upload the file again.',
  },
} as const;

const say = (language: 'uk' | 'en') => (cell: Wanted) => ({
  subject: words[language].subject,
  lines: [cell.title, cell.unit, words[language][cell.state]],
  href: cell.dataset ? `/open-data/desk/dataset/${cell.dataset}` : '/open-data/desk/new',
});

const wanted = defineTemplate<Wanted>('open-data.remind', 1, { uk: say('uk'), en: say('en') });
