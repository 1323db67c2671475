import { scopesOf } from '#platform/access/index.ts';
import type { Db } from '#platform/database/pool.ts';
import type { Language } from '#platform/i18n/index.ts';
import type { Waiting } from '#platform/system.ts';
import type { Actor } from '#platform/work.ts';
import { moderationSize, type QueueFilter, queue, queueSizes } from './lists/index.ts';
import { permission } from './permissions.ts';

const desk = '/contact-centre/desk';
const deadlinesShown = 10;

interface Queue {
  /** Shown to whoever may do this anywhere. */
  readonly act: string;
  readonly title: Readonly<Record<Language, string>>;
  readonly href: string;
  readonly filter: Omit<QueueFilter, 'now'>;
  readonly urgent?: boolean;
}

/** What each post has to look at first; a size is that of the list which the link opens. */
const queues = {
  triage: {
    act: 'refuse',
    title: { uk: 'Без виконавця', en: 'Without an executor' },
    href: `${desk}/operator`,
    filter: { states: ['registered', 'triage'] },
  },
  fresh: {
    act: 'accept',
    title: { uk: 'Нові, ще не прийняті', en: 'New, not accepted yet' },
    href: `${desk}/dispatcher?state=assigned`,
    filter: { states: ['assigned'] },
  },
  warned: {
    act: 'accept',
    title: { uk: 'Минуло три чверті строку', en: 'Three quarters of the term gone' },
    href: `${desk}/dispatcher?warned=1`,
    filter: { warned: true },
  },
  late: {
    act: 'accept',
    title: { uk: 'Прострочені', en: 'Overdue' },
    href: `${desk}/dispatcher?overdue=1`,
    filter: { overdue: true },
    urgent: true,
  },
  back: {
    act: 'accept',
    title: { uk: 'Повернуто мешканцями', en: 'Sent back by residents' },
    href: `${desk}/dispatcher?state=rework`,
    filter: { states: ['rework'] },
    urgent: true,
  },
  claimed: {
    act: 'call_back',
    title: { uk: 'Чекають перевірки', en: 'Waiting to be checked' },
    href: `${desk}/controller`,
    filter: { states: ['claimed'] },
  },
  breaches: {
    act: 'see_load',
    title: { uk: 'Порушені строки', en: 'Broken terms' },
    href: `${desk}/supervisor`,
    filter: { overdue: true },
    urgent: true,
  },
  returned: {
    act: 'see_load',
    title: { uk: 'Повернуто вдруге', en: 'Returned twice' },
    href: `${desk}/supervisor/list/returnedTwice`,
    filter: { minReturns: 2, states: ['registered', 'triage', 'assigned'] },
    urgent: true,
  },
  reworks: {
    act: 'see_load',
    title: { uk: 'Треті доопрацювання', en: 'Third reworks' },
    href: `${desk}/supervisor/list/thirdRework`,
    filter: { minReworks: 3 },
    urgent: true,
  },
  appeals: {
    act: 'answer_appeal',
    title: { uk: 'Звернення: спливає строк', en: 'Appeals: the term runs out' },
    href: `${desk}/appeals`,
    filter: { regime: 'statutory', warned: true },
    urgent: true,
  },
  plans: {
    act: 'see_load',
    title: { uk: 'Плани, що минули', en: 'Plans gone by' },
    href: `${desk}/supervisor`,
    filter: { planOverdue: true },
    urgent: true,
  },
} as const satisfies Readonly<Record<string, Queue>>;

type QueueName = keyof typeof queues;

/** What waits for this member of staff in the contact centre, and the nearest deadlines where the actor works. */
export async function waiting(db: Db, actor: Actor, language: Language, now: Date): Promise<Waiting> {
  const holds = (act: string) => scopesOf(actor, permission(act)).length > 0;
  const mine = (Object.keys(queues) as QueueName[]).filter((name) => holds(queues[name].act));
  const sizes = mine.length
    ? await queueSizes(
        db,
        actor,
        now,
        Object.fromEntries(mine.map((name) => [name, queues[name].filter])) as Record<
          string,
          Omit<QueueFilter, 'now'>
        >,
      )
    : {};
  const shown: Waiting['queues'][number][] = mine.map((name) => ({
    title: queues[name].title[language],
    size: sizes[name]!,
    href: queues[name].href,
    urgent: 'urgent' in queues[name],
  }));
  if (holds('publish'))
    shown.push({
      title: { uk: 'Чекають публікації', en: 'Waiting to be published' }[language],
      size: await moderationSize(db, actor),
      href: `${desk}/moderator`,
    });
  return { queues: shown, deadlines: holds('accept') || holds('dispatch') ? await nearest() : [] };

  async function nearest(): Promise<Waiting['deadlines']> {
    const { rows } = await queue(db, actor, { now }, { limit: deadlinesShown });
    return rows
      .filter((row) => row.due !== null)
      .map((row) => ({
        title: row.categoryName?.[language] ?? row.category,
        place: row.address ?? '',
        href: `${desk}/requests/${row.number}`,
        due: row.due!,
      }));
  }
}
