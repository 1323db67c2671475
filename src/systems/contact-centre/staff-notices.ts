import { sql } from 'drizzle-orm';
import { holdersOf } from '#platform/access/holders.ts';
import { formatDateTime } from '#platform/i18n/index.ts';
import { defineTemplate, notify } from '#platform/notify/index.ts';
import type { DeliveredEvent, System } from '#platform/system.ts';
import type { Work } from '#platform/work.ts';
import { showNumber } from './number.ts';
import { roleName } from './permissions.ts';
import { branchesAbove } from './scope.ts';
import type { Role } from './states.ts';

/** What staff are told of, beside what waits in their queues. */
type Concern = 'warned' | 'breached' | 'planOverdue' | 'secondReturn' | 'thirdRework';

interface Facts {
  readonly number: string;
  readonly appeal: boolean;
  readonly category: { readonly uk: string; readonly en: string } | null;
  readonly organisation: { readonly uk: string; readonly en: string } | null;
  readonly due: Date | null;
}

/** Who hears of it: 75 % of a term warns who does the work; what has gone wrong is told to the head of the shift. */
const told: Readonly<Record<string, { readonly concern: Concern; readonly role: Role }>> = {
  'contact-centre.clock.warned': { concern: 'warned', role: 'dispatcher' },
  'contact-centre.clock.breached': { concern: 'breached', role: 'supervisor' },
  'contact-centre.plan.overdue': { concern: 'planOverdue', role: 'supervisor' },
  'contact-centre.request.second_return': { concern: 'secondReturn', role: 'supervisor' },
  'contact-centre.request.third_rework': { concern: 'thirdRework', role: 'supervisor' },
};

/** Told later it would only confuse: the queues have had it all the time. */
const tooLate = 86_400_000;

/** Puts a notice into the cabinet of each who holds the post where the request lies; the same event is told once. */
export const tellStaffOf: NonNullable<System['on']> = Object.fromEntries(
  Object.entries(told).map(([event, { concern, role }]) => [
    event,
    (work: Work, delivered: DeliveredEvent) => tellStaff(work, delivered, concern, role),
  ]),
);

async function tellStaff(work: Work, event: DeliveredEvent, concern: Concern, role: Role): Promise<void> {
  const now = work.clock.now();
  const due = typeof event.payload.due === 'string' ? new Date(event.payload.due) : null;
  if (now.getTime() - (due ?? event.occurredAt).getTime() > tooLate) return;
  const { rows } = await work.tx.execute<{
    number: string;
    regime: string;
    organisation: string | null;
    district: string | null;
    branch: string;
    category: Facts['category'];
    name: Facts['organisation'];
  }>(sql`
    select r.number, r.regime, r.organisation, r.district, r.branch, c.body->'name' as category, o.name
    from cc_request r left join cc_category c on c.code = r.category and c.version = r.category_version
      left join cc_organisation o on o.id = r.organisation
    where r.number = ${String(event.payload.number)}`);
  const row = rows[0];
  if (!row) return;
  const resource = { ...row, branches: await branchesAbove(work.tx, row.branch) };
  // An appeal in nobody's hands is directed by the operators.
  const post = role === 'dispatcher' && row.organisation === null ? 'operator' : role;
  for (const person of await holdersOf(work.tx, roleName(post), resource, now))
    await notify(work, {
      to: { person },
      event: `contact-centre.staff:${event.id}`,
      template: templates[concern],
      variables: {
        number: row.number,
        appeal: row.regime === 'statutory',
        category: row.category,
        organisation: row.name,
        due,
      },
      // In the cabinet for all; by e-mail only for those who ask for it: a busy day has hundreds.
      weight: 'news',
    });
}

const words: Readonly<
  Record<Concern, { readonly uk: readonly [string, string]; readonly en: readonly [string, string] }>
> = {
  warned: {
    uk: ['спливає строк', 'Минуло три чверті строку.'],
    en: ['a term is running out', 'Three quarters of the term have gone.'],
  },
  breached: {
    uk: ['строк порушено', 'Строк минув, роботу не завершено.'],
    en: ['a term is broken', 'The term has passed and the work is not done.'],
  },
  planOverdue: {
    uk: ['план прострочено', 'Оголошений день робіт минув, а роботи не почато.'],
    en: ['a plan is overdue', 'The announced day of the work has passed, and it has not begun.'],
  },
  secondReturn: {
    uk: [
      'повернуто вдруге',
      'Виконавця шукають уже вдруге. Знову направити тому, хто повернув, можете лише ви.',
    ],
    en: [
      'returned twice',
      'It was returned for the second time. Only you may send it again to who returned it.',
    ],
  },
  thirdRework: {
    uk: ['третє доопрацювання', 'Роботу не прийняли втретє: потрібен виїзд іншого підрозділу.'],
    en: ['reworked three times', 'The work was refused for the third time: another unit has to go.'],
  },
};
const rest = {
  uk: { who: 'Виконавець', due: 'Строк', of: (appeal: boolean) => (appeal ? 'Звернення' : 'Заявка') },
  en: { who: 'Executor', due: 'Due', of: (appeal: boolean) => (appeal ? 'Appeal' : 'Request') },
};

const templates = Object.fromEntries(
  (Object.keys(words) as Concern[]).map((concern) => [concern, templateOf(concern)]),
) as Record<Concern, ReturnType<typeof templateOf>>;

function templateOf(concern: Concern) {
  const say = (language: 'uk' | 'en') => (facts: Facts) => {
    const [subject, what] = words[concern][language];
    const own = rest[language];
    const { category, organisation, due, number, appeal } = facts;
    return {
      subject: `${own.of(appeal)} ${showNumber(number)}: ${subject}`,
      lines: [
        what,
        ...(category && !appeal ? [category[language]] : []),
        ...(organisation ? [`${own.who}: ${organisation[language]}`] : []),
        ...(due ? [`${own.due}: ${formatDateTime(language, due)}`] : []),
      ],
      href: `/contact-centre/desk/${appeal ? 'appeals' : 'requests'}/${number}`,
    };
  };
  const name = concern.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return defineTemplate<Facts>(`contact-centre.staff-${name}`, 1, { uk: say('uk'), en: say('en') });
}
