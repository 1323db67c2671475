import { Badge } from '#ui/index.ts';
import type { CellState } from '../../../obligations/board.ts';
import type { Obligation } from '../../../obligations/obligations.ts';
import type { Responsible } from '../../../promises/responsible.ts';
import { stateTones } from '../../coverage/tones.ts';
import type { Here } from '../../kit.tsx';
import type { BoardText } from './text.ts';

/** How an obligation stands, in a word. */
export function StateBadge(props: { own: BoardText; state: CellState }) {
  return <Badge tone={stateTones[props.state]}>{props.own.states[props.state]}</Badge>;
}

/** Who answers, by their posts, and why it is them. */
export function Answers(props: { own: BoardText; people: readonly Responsible[] }) {
  const { own, people } = props;
  if (people.length === 0) return <span class="muted">{own.noResponsible}</span>;
  const why = own.as[people[0]!.as];
  return (
    <span>
      {people.map((one) => one.post).join(', ')}
      {why && <span class="muted"> ({why})</span>}
    </span>
  );
}

/** A day of the calendar (`YYYY-MM-DD`) as people write it. */
export const dayOf = (at: Here, day: string): string => at.date(new Date(`${day}T12:00:00Z`));

/** When an obligation is in force. */
export function validityOf(at: Here, own: BoardText, one: Obligation): string {
  return [
    own.since(dayOf(at, one.validFrom)),
    ...(one.validTo ? [own.until(dayOf(at, one.validTo))] : []),
  ].join(' ');
}
