import type { Context } from 'hono';
import { csvRow } from '#platform/csv.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { byObligation, cityCoverage, obligationState, readBoard } from '../../obligations/board.ts';
import { ledgerOf, shareOf } from '../../promises/ledger.ts';
import { type Here, here } from '../kit.tsx';

/** The most lines of a ledger in a file. */
const mostLines = 50_000;

/** `/open-data/coverage.json`: obligations, who answers for them, what there is. States are the words of the board. */
export function coverageJson(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const now = platform.clock.now();
    const [{ cells }, share] = await Promise.all([
      readBoard(platform.db, now),
      shareOf(platform.db, { now }),
    ]);
    const covered = cityCoverage(cells);
    return c.json({
      as_of: now.toISOString(),
      published: covered.published,
      of: covered.all,
      promises: { kept_on_time: share.onTime, of: share.all },
      obligations: byObligation(cells).map((own) => {
        const { code, title, group, appendix } = own[0]!.obligation;
        return {
          code,
          title,
          group: group[at.language],
          appendix,
          state: obligationState(own),
          publishers: own.flatMap(({ unit, state, datasets, notApplicable }) =>
            unit === null
              ? []
              : {
                  name: unit.name,
                  title: unit.title,
                  state,
                  not_applicable: notApplicable && {
                    reason: notApplicable.reason,
                    signed_by: notApplicable.by,
                    signed_at: notApplicable.at.toISOString(),
                  },
                  datasets: datasets.map((one) => ({
                    name: one.name,
                    title: one.title,
                    url: addressOf(at, one.name),
                    due: one.due?.toISOString() ?? null,
                    freshness: one.freshness,
                  })),
                },
          ),
        };
      }),
    });
  };
}

/** `/open-data/coverage.csv`: a row for each obligation × publisher. */
export function coverageCsv(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const { cells } = await readBoard(platform.db, platform.clock.now());
    return csvFile(c, 'coverage.csv', [
      ['code', 'obligation', 'group', 'appendix', 'publisher', 'state', 'datasets', 'due', 'not_applicable'],
      ...cells.map(({ obligation, unit, state, datasets, notApplicable }) => [
        obligation.code,
        obligation.title,
        obligation.group[at.language],
        obligation.appendix,
        unit?.title ?? null,
        state,
        datasets.map((one) => addressOf(at, one.name)).join(' '),
        datasets.find((one) => one.due)?.due?.toISOString() ?? null,
        notApplicable?.reason ?? null,
      ]),
    ]);
  };
}

/** `/open-data/coverage/ledger.csv`: what was promised in the past year, and when it was done. */
export function ledgerCsv(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const now = platform.clock.now();
    const { rows } = await ledgerOf(platform.db, { now, limit: mostLines, offset: 0 });
    return csvFile(c, 'ledger.csv', [
      ['dataset', 'url', 'publisher', 'promised', 'done', 'outcome'],
      ...rows.map((row) => [
        row.title,
        addressOf(at, row.name),
        row.organisation,
        row.due.toISOString(),
        row.kept?.toISOString() ?? null,
        row.outcome,
      ]),
    ]);
  };
}

const addressOf = (at: Here, dataset: string) => `${at.site}/dataset/${dataset}`;

function csvFile(
  c: Context<MistoEnv>,
  name: string,
  rows: readonly (readonly (string | number | null)[])[],
): Response {
  return c.body(rows.map(csvRow).join(''), 200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${name}"`,
    'x-content-type-options': 'nosniff',
  });
}
