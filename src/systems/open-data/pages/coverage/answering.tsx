import type { ComponentChildren } from 'preact';
import type { Platform } from '#platform/system.ts';
import { coverageOf, readBoard } from '../../obligations/board.ts';
import { responsibleFor } from '../../promises/responsible.ts';
import type { Here } from '../kit.tsx';
import { shareText } from './ledger.tsx';
import { coverageText } from './text.ts';

/** Who answers for the data of a publisher, by post, and how well its obligations and promises are kept. */
export async function answeringOf(
  platform: Platform,
  at: Here,
  organisation: { readonly id: string; readonly name: string },
): Promise<{ name: string; value: ComponentChildren }[]> {
  const own = coverageText(at.language);
  const now = platform.clock.now();
  const [{ cells }, responsible, share] = await Promise.all([
    readBoard(platform.db, now),
    responsibleFor(platform.db, [organisation.id], now),
    shareText(platform, at, own, now, organisation.id),
  ]);
  const { published, all } = coverageOf(cells.filter((cell) => cell.unit?.id === organisation.id));
  const posts = (responsible.get(organisation.id) ?? []).map((one) => one.post);
  return [
    ...(posts.length > 0 ? [{ name: own.responsible, value: posts.join(', ') }] : []),
    ...(all > 0
      ? [
          {
            name: own.score,
            value: (
              <a href={at.href('/coverage', { unit: organisation.name })}>
                {own.scoreOf(at.number(published), at.number(all))}
              </a>
            ),
          },
        ]
      : []),
    { name: own.ledger, value: share },
  ];
}
