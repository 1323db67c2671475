import { messages } from '#platform/i18n/index.ts';
import type { Platform } from '#platform/system.ts';
import { LinkButton, Section } from '#ui/index.ts';
import { readBoard } from '../../obligations/board.ts';
import { fieldOf, type Obligation } from '../../obligations/obligations.ts';
import type { Here } from '../kit.tsx';
import type { OwnUnit } from './reads.ts';

const words = messages(
  {
    title: 'Закон вимагає, а даних ще немає',
    lead: 'Паспорт буде заповнено за постановою № 835: лишиться додати файл.',
    publish: 'Оприлюднити',
    others: (count: string) => `Ще ${count}: увесь перелік`,
  },
  {
    en: {
      title: 'The law demands them, and there are no data yet',
      lead: 'The passport is filled in by Resolution 835: only the file is missing.',
      publish: 'Publish',
      others: (count) => `${count} more: the whole list`,
    },
  },
);

/** Obligations that the desk names; the coverage has all. */
const shown = 5;

/** What the units of a publisher owe and have not published, each with the way to do it. Nothing where nothing is owed. */
export async function OwedList(props: { platform: Platform; at: Here; units: readonly OwnUnit[] }) {
  const { platform, at, units } = props;
  const own = new Set(units.map(({ name }) => name));
  const { cells } = await readBoard(platform.db, platform.clock.now());
  const owed = cells.filter(({ unit, state }) => unit !== null && own.has(unit.name) && state === 'missing');
  if (owed.length === 0) return null;
  const text = words(at.language);
  return (
    <Section title={text.title} lead={text.lead}>
      <ul class="points">
        {owed.slice(0, shown).map(({ obligation, unit }) => (
          <li key={`${obligation.code} ${unit!.name}`}>
            {obligation.title}
            {units.length > 1 && <span class="muted"> · {unit!.title}</span>}{' '}
            <LinkButton look="secondary" size="small" href={publishHref(at, obligation, unit!.name)}>
              {text.publish}
              <span class="visually-hidden">: {obligation.title}</span>
            </LinkButton>
          </li>
        ))}
      </ul>
      {owed.length > shown && (
        <p>
          <a href={at.href('/coverage', { state: 'missing', unit: owed[0]!.unit!.name })}>
            {text.others(at.number(owed.length - shown))}
          </a>
        </p>
      )}
    </Section>
  );
}

const publishHref = (at: Here, obligation: Obligation, unit: string): string =>
  at.href('/desk/new', { obligation: fieldOf(obligation), organisation: unit });
