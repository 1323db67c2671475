import { sql } from 'drizzle-orm';
import type { Context } from 'hono';
import type { Reader } from '#platform/database/pool.ts';
import { NotFound } from '#platform/errors.ts';
import { page } from '#platform/http/page.tsx';
import type { Text } from '#platform/i18n/index.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import type { Actor } from '#platform/work.ts';
import { BackLink, Badge, ErrorSummary, PageHead, Table } from '#ui/index.ts';
import { readCity } from '../../../city.ts';
import type { Regime } from '../../../city-data.ts';
import { dropFilter, keepResults, mostRows, moveMany, resultsOf, saveFilter } from '../../../dispatching.ts';
import { offersFor, type Standing } from '../../../offers.ts';
import { permission } from '../../../permissions.ts';
import { resourceAt, scopeWhere } from '../../../scope.ts';
import type { State } from '../../../states.ts';
import { readTemplates } from '../../../templates.ts';
import { fields, StateBadge } from '../../kit.tsx';
import { shownNumber } from '../../text.ts';
import { deskHere, faultWords, refusalWords, tryAct } from '../kit.tsx';
import { fieldName, MoveForm, readMove, withTemplate } from '../moves.tsx';
import { workOf } from '../request/acts.ts';
import { bulkMoves, type Chosen, drawQueue, mustDispatch } from './queue.tsx';
import { dispatcherText } from './text.ts';

type Answer = (c: Context<MistoEnv>) => Promise<Response>;
type BulkMove = (typeof bulkMoves)[number];

const bulkMoveOf = (value: string | undefined): BulkMove => {
  const move = bulkMoves.find((one) => one === value);
  if (!move) throw new NotFound('move');
  return move;
};

/** `26483729153.4,…`: requests with the versions that were on the screen. */
function rowsOf(values: readonly string[]): { number: string; version: number }[] {
  return values
    .flatMap((value) => value.split(','))
    .flatMap((value) => {
      const found = /^(\d{11})\.(\d{1,9})$/.exec(value);
      return found ? [{ number: found[1]!, version: Number(found[2]) }] : [];
    })
    .slice(0, mostRows);
}

interface BulkRow {
  readonly number: string;
  readonly version: number;
  readonly state: State;
  readonly regime: Regime;
  readonly name: Text | null;
  readonly category: string;
  readonly address: string | null;
  readonly organisation: string | null;
  readonly district: string | null;
  readonly branch: string;
}

/** The chosen requests, as far as the actor may know of them, in the order in which they were chosen. */
async function readRows(
  reader: Reader,
  actor: Actor,
  chosen: readonly { readonly number: string }[],
): Promise<BulkRow[]> {
  const numbers = chosen.map(({ number }) => number);
  const { rows } = await reader.execute<Record<string, unknown>>(sql`
    select r.number, r.version, r.state, r.regime, r.category, c.body->'name' as name, r.public_address as address, r.organisation, r.district, r.branch
    from cc_request r left join cc_category c on c.code = r.category and c.version = r.category_version
    where r.number = any(array(select jsonb_array_elements_text(${JSON.stringify(numbers)}::jsonb)))
      and not r.sandbox and ${scopeWhere(actor, permission('read_desk'))}`);
  const found = new Map(rows.map((row) => [String(row.number), row as unknown as BulkRow]));
  return numbers.flatMap((number) => found.get(number) ?? []);
}

/** `GET /desk/dispatcher/bulk`: what was ticked, whether it will work, and what the act still asks for. */
export function bulkPage(platform: Platform): Answer {
  return async (c) => {
    const at = deskHere(c);
    mustDispatch(c.var.visit.actor);
    const chosen = rowsOf(c.req.queries('row') ?? []);
    if (chosen.length === 0) return c.redirect(at.href('/desk/dispatcher', { pick: 1 }), 303);
    const move = bulkMoveOf(c.req.query('move'));
    return draw(platform, c, move, chosen, {});
  };
}

async function draw(
  platform: Platform,
  c: Context<MistoEnv>,
  move: BulkMove,
  chosen: readonly { readonly number: string; readonly version: number }[],
  shown: {
    readonly faults?: readonly { field: string; message: string }[];
    readonly typed?: Readonly<Record<string, string>>;
  },
): Promise<Response> {
  const at = deskHere(c);
  const own = dispatcherText(at.language);
  const { actor } = c.var.visit;
  const [rows, city, templates] = await Promise.all([
    readRows(platform.db, actor, chosen),
    readCity(platform.db),
    readTemplates(platform.db),
  ]);
  const seen = new Map(chosen.map(({ number, version }) => [number, version]));
  const standing = new Map<string, Standing>();
  for (const row of rows)
    standing.set(row.number, {
      ...(await resourceAt(platform.db, actor, row)),
      state: row.state,
      regime: row.regime,
    });
  const whether = (row: BulkRow): string =>
    seen.get(row.number) !== row.version
      ? own.changed
      : offersFor(actor, standing.get(row.number)!).includes(move)
        ? own.possible
        : own.notPossible;
  const same = <T,>(values: readonly T[]): T | null => (new Set(values).size === 1 ? values[0]! : null);
  const branch = same(rows.map((row) => row.branch));
  const faults = shown.faults ?? [];
  return page(
    c,
    {
      title: at.words.acts[move],
      shell: 'desk',
      faults,
      before: <BackLink href={at.href('/desk/dispatcher')}>{own.back}</BackLink>,
    },
    <>
      <ErrorSummary faults={faults} />
      <PageHead title={own.bulkTitle(at.words.acts[move], rows.length)} lead={own.bulkLead} />
      <MoveForm
        at={at}
        city={city}
        csrf={c.var.visit.csrfToken()}
        action={at.href('/desk/dispatcher/bulk')}
        organisation={same(rows.map((row) => row.organisation)) ?? actor.organisation}
        crew={null}
        category={same(rows.map((row) => row.category))}
        branches={branch ? [branch] : []}
        templates={templates}
        typed={{ 'claim-result': 'explained', ...shown.typed }}
        faults={faults}
        now={platform.clock.now()}
        hidden={{ rows: chosen.map(({ number, version }) => `${number}.${version}`).join(',') }}
        move={move}
        photos={false}
      />
      <Table
        caption={own.bulkTitle(at.words.acts[move], rows.length)}
        quietCaption
        rows={rows}
        rowKey={(row) => row.number}
        rowTone={(row) => (whether(row) === own.possible ? undefined : 'warning')}
        columns={[
          {
            key: 'number',
            title: at.text.number,
            header: true,
            nowrap: true,
            cell: (row) => (
              <a class="mono" href={at.href(`/desk/requests/${row.number}`)}>
                {shownNumber(row.number)}
              </a>
            ),
          },
          { key: 'what', title: at.text.category, cell: (row) => row.name?.[at.language] ?? row.category },
          { key: 'place', title: at.text.place, cell: (row) => row.address ?? '' },
          {
            key: 'state',
            title: at.text.state,
            cell: (row) => <StateBadge language={at.language} state={row.state} closing={null} />,
          },
          { key: 'whether', title: own.whether, cell: whether },
        ]}
      />
    </>,
  );
}

/** `POST /desk/dispatcher/bulk`: each row a transaction of its own; the answer is a page that tells of each. */
export function bulkAct(platform: Platform): Answer {
  return async (c) => {
    const at = deskHere(c);
    mustDispatch(c.var.visit.actor);
    const typed = await fields(c);
    const move = bulkMoveOf(typed.move);
    const chosen = rowsOf([typed.rows ?? '']);
    if (chosen.length === 0) return c.redirect(at.href('/desk/dispatcher', { pick: 1 }), 303);
    const { input, faults } = readMove(at, move, typed);
    if (faults.length) return draw(platform, c, move, chosen, { faults, typed });
    const run = workOf(platform, c);
    const made = await tryAct(() => moveMany(run, chosen, move, input));
    if (made.kind === 'faults')
      return draw(platform, c, move, chosen, {
        faults: faultWords(at.words, made.faults, (field) => fieldName(move, field)),
        typed,
      });
    if (made.kind === 'refused') throw new NotFound('request');
    const id = await run((work) => keepResults(work, move, made.result));
    return c.redirect(at.href(`/desk/bulk/${id}`), 303);
  };
}

/** `POST /desk/dispatcher/bulk/words`: the form again with ready words in it. */
export function bulkWords(platform: Platform): Answer {
  return async (c) => {
    mustDispatch(c.var.visit.actor);
    const typed = await fields(c);
    const templates = await readTemplates(platform.db);
    return draw(platform, c, bulkMoveOf(typed.move), rowsOf([typed.rows ?? '']), {
      typed: withTemplate(templates, deskHere(c).language, typed),
    });
  };
}

/** `/desk/bulk/{id}`: what became of each row. */
export function bulkResults(platform: Platform): Answer {
  return async (c) => {
    const at = deskHere(c);
    const own = dispatcherText(at.language);
    const { actor } = c.var.visit;
    const found = await resultsOf(platform.db, actor.id ?? '', c.req.param('id') ?? '');
    if (!found) throw new NotFound('results');
    const done = found.results.filter(({ state }) => state !== null).length;
    const title = own.resultTitle(done, found.results.length);
    return page(
      c,
      {
        title,
        shell: 'desk',
        before: <BackLink href={at.href('/desk/dispatcher')}>{own.back}</BackLink>,
      },
      <>
        <PageHead
          title={title}
          lead={at.words.acts[found.move as keyof typeof at.words.acts] ?? found.move}
        />
        <Table
          caption={title}
          quietCaption
          rows={found.results}
          rowKey={(row) => row.number}
          rowTone={(row) => (row.state === null ? 'danger' : undefined)}
          columns={[
            {
              key: 'number',
              title: at.text.number,
              header: true,
              nowrap: true,
              cell: (row) => (
                <a class="mono" href={at.href(`/desk/requests/${row.number}`)}>
                  {shownNumber(row.number)}
                </a>
              ),
            },
            {
              key: 'result',
              title: own.result,
              cell: (row) =>
                row.state === null ? (
                  <Badge tone="danger" icon="alert">
                    {refusalWords(at.words, row.refused ?? '')}
                  </Badge>
                ) : (
                  <StateBadge language={at.language} state={row.state} closing={null} />
                ),
            },
          ]}
        />
      </>,
    );
  };
}

/** `POST /desk/dispatcher/filters`: keeps the filters of now under a name, or drops a kept one. */
export function filterAct(platform: Platform): Answer {
  return async (c) => {
    const at = deskHere(c);
    const own = dispatcherText(at.language);
    mustDispatch(c.var.visit.actor);
    const typed = await fields(c);
    const run = workOf(platform, c);
    const chosen = Object.fromEntries(new URLSearchParams(typed.query ?? '')) as Chosen;
    if (typed.drop) {
      await run((work) => dropFilter(work, typed.drop!));
      return c.redirect(at.href('/desk/dispatcher', { ...chosen, saved: 0 }), 303);
    }
    const made = await tryAct(() =>
      run((work) => saveFilter(work, { name: typed.name ?? '', query: typed.query ?? '' })),
    );
    if (made.kind === 'faults')
      return drawQueue(platform, c, {
        faults: made.faults.map(({ field, message }) => ({
          field,
          message: own.faults[message] ?? message,
        })),
        name: typed.name ?? '',
        chosen,
      });
    return c.redirect(at.href('/desk/dispatcher', { ...chosen, saved: 1 }), 303);
  };
}
