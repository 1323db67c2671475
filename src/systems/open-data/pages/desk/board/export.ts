import type { Context } from 'hono';
import { csvRow } from '#platform/csv.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { readBoard } from '../../../obligations/board.ts';
import { responsibleFor } from '../../../promises/responsible.ts';
import { here } from '../../kit.tsx';
import { boardText } from './text.ts';

/** `/open-data/board/export.csv`: the board with who answers for what, for a spreadsheet. */
export function boardCsv(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const own = boardText(at.language);
    const now = platform.clock.now();
    const { cells, units } = await readBoard(platform.db, now);
    const responsible = await responsibleFor(
      platform.db,
      units.map((unit) => unit.id),
      now,
    );
    const head = [
      'code',
      'obligation',
      'appendix',
      'publisher',
      'state',
      'datasets',
      'due',
      'responsible',
      'reason',
    ];
    const rows = cells.map(({ obligation, unit, state, datasets, notApplicable }) =>
      csvRow([
        obligation.code,
        obligation.title,
        obligation.appendix,
        unit?.title ?? null,
        own.states[state],
        datasets.map((one) => `${at.site}/dataset/${one.name}`).join(' '),
        datasets.find((one) => one.due)?.due?.toISOString() ?? null,
        unit ? (responsible.get(unit.id) ?? []).map((one) => one.post).join(', ') : null,
        notApplicable?.reason ?? null,
      ]),
    );
    return c.body(`\uFEFF${csvRow(head)}${rows.join('')}`, 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="obligations.csv"',
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    });
  };
}
