import { type Actor, systemActor, type Work } from '#platform/work.ts';
import { appealAnswers, appealTexts } from '../../../city/dnipro/index.ts';
import {
  type AppealKind,
  answerAppeal,
  appealKinds,
  extendAppeal,
  registerAppeal,
  returnAppeal,
} from './appeals.ts';
import { act } from './moves.ts';
import type { NewReporter } from './requests.ts';

const day = 86_400_000;

/** One appeal under the law, as far as its time reaches: registered, taken up, given more time or sent back, answered in writing. */
export async function appealLife(
  work: Work,
  life: {
    readonly key: string;
    readonly end: Date;
    readonly random: () => number;
    readonly reporter: NewReporter;
    readonly operator: Actor;
    readonly dispatcher: (organisation: string) => Actor;
    readonly set: (at: Date) => void;
  },
): Promise<void> {
  const { random, end } = life;
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const as = (actor: Actor): Work => ({ ...work, actor });
  const kind: AppealKind = pick(appealKinds);
  const born = await registerAppeal(as(life.operator), {
    source: 'phone',
    intakeKey: life.key,
    kind,
    essence: pick(appealTexts[kind]),
    reporter: life.reporter,
  });
  const answerer = life.dispatcher(born.organisation!);
  const later = (days: number): boolean => {
    const next = new Date(work.clock.now().getTime() + days * day);
    if (next > end) return false;
    life.set(next);
    return true;
  };
  if (!later(0.1 + random() * 2)) return;
  if (random() < 0.06) {
    await returnAppeal(as(answerer), born.number, 'Не зазначено, якого будинку стосується звернення');
    return;
  }
  await act(as(answerer), born.number, 'accept');
  const isLong = random() < 0.15;
  if (!later(1 + random() * 8)) return;
  if (isLong)
    await extendAppeal(as(answerer), born.number, 'study', 'Потрібна перевірка на місці з фахівцями');
  if (!later(isLong ? 8 + random() * 12 : 0.5 + random() * 4)) return;
  await answerAppeal(as(answerer), born.number, {
    ...pick(appealAnswers),
    howToAppeal: 'Відповідь можна оскаржити до міського голови або до суду.',
    signer: 'Начальник відділу роботи зі зверненнями',
  });
  if (later(8)) await act(as(systemActor('verification')), born.number, 'lapse');
}
