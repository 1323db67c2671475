import type { Context } from 'hono';
import { z } from 'zod';
import { readForm } from '#platform/http/forms.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import {
  Button,
  Empty,
  FilterBar,
  Form,
  Grid,
  LinkButton,
  Notice,
  PageHead,
  Pagination,
  Select,
  StatFigure,
  Table,
  Tabs,
} from '#ui/index.ts';
import { Absent } from '../../../faults.ts';
import {
  type Board,
  type Cell,
  type CellState,
  cellStates,
  cityCoverage,
  coverageOf,
  readBoard,
} from '../../../obligations/board.ts';
import { remindOf } from '../../../obligations/remind.ts';
import { type Share, sharesOf } from '../../../promises/ledger.ts';
import { type Responsible, responsibleFor } from '../../../promises/responsible.ts';
import { stateTones } from '../../coverage/tones.ts';
import { type Here, here, pageOf } from '../../kit.tsx';
import { Answers, StateBadge } from './kit.tsx';
import { type BoardText, boardText } from './text.ts';

const perPage = 50;

/** What the board is narrowed to; what is no state, unit or part narrows nothing. */
interface Filter {
  readonly state: CellState | undefined;
  readonly unit: string | undefined;
  readonly group: string | undefined;
}

function filterOf(c: Context<MistoEnv>): Filter {
  const state = c.req.query('state');
  return {
    state: cellStates.find((one) => one === state),
    unit: c.req.query('unit') || undefined,
    group: c.req.query('group') || undefined,
  };
}

const narrowed = (cells: readonly Cell[], filter: Filter): Cell[] =>
  cells.filter(
    (cell) =>
      (!filter.state || cell.state === filter.state) &&
      (!filter.unit || (cell.unit?.name ?? 'nobody') === filter.unit) &&
      (!filter.group || cell.obligation.group.uk === filter.group),
  );

/** `/open-data/board`: obligations × units, and who has to do something about which. */
export function board(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const own = boardText(at.language);
    const now = platform.clock.now();
    const view = c.req.query('view') === 'units' ? 'units' : 'cells';
    const whole = await readBoard(platform.db, now);
    const [responsible, shares] = await Promise.all([
      responsibleFor(
        platform.db,
        whole.units.map((unit) => unit.id),
        now,
      ),
      sharesOf(platform.db, now),
    ]);
    return page(
      c,
      { title: own.board, shell: 'desk', width: 'wide' },
      <>
        <PageHead
          title={own.board}
          lead={own.boardLead}
          actions={
            <>
              <LinkButton look="secondary" href={at.href('/board/obligations')}>
                {own.obligations}
              </LinkButton>
              <LinkButton look="quiet" href={at.href('/board/export.csv')} download>
                {own.export}
              </LinkButton>
            </>
          }
        />
        <Told c={c} own={own} />
        <Figures at={at} own={own} whole={whole} />
        <Tabs
          label={own.board}
          items={[
            {
              title: own.cells,
              href: at.href('/board'),
              current: view === 'cells',
              count: whole.cells.length,
            },
            {
              title: own.units,
              href: at.href('/board', { view: 'units' }),
              current: view === 'units',
              count: whole.units.length,
            },
          ]}
        />
        {view === 'cells' ? (
          <Cells
            at={at}
            own={own}
            whole={whole}
            filter={filterOf(c)}
            number={pageOf(c)}
            responsible={responsible}
            csrf={c.var.visit.csrfToken()}
          />
        ) : (
          <Units at={at} own={own} whole={whole} responsible={responsible} shares={shares} />
        )}
      </>,
    );
  };
}

/** What became of a reminder that was just asked for. */
function Told(props: { c: Context<MistoEnv>; own: BoardText }) {
  const told = props.c.req.query('told');
  if (told === undefined) return null;
  return told === '0' ? (
    <Notice tone="warning" title={props.own.notReminded} live>
      <p>{props.own.notRemindedWhy}</p>
    </Notice>
  ) : (
    <Notice tone="good" title={props.own.reminded} live>
      <p>{props.own.remindedHow}</p>
    </Notice>
  );
}

function Figures(props: { at: Here; own: BoardText; whole: Board }) {
  const { at, own, whole } = props;
  const covered = cityCoverage(whole.cells);
  return (
    <Grid min="narrow">
      <StatFigure
        label={own.covered}
        value={own.nOfM(at.number(covered.published), at.number(covered.all))}
      />
      {cellStates.map((state) => {
        const count = whole.cells.filter((cell) => cell.state === state).length;
        return (
          <StatFigure
            key={state}
            label={own.stateTitles[state]}
            value={at.number(count)}
            href={at.href('/board', { state })}
            {...(count > 0 && state !== 'not applicable' ? { tone: stateTones[state] } : {})}
          />
        );
      })}
    </Grid>
  );
}

function Cells(props: {
  at: Here;
  own: BoardText;
  whole: Board;
  filter: Filter;
  number: number;
  responsible: ReadonlyMap<string, readonly Responsible[]>;
  csrf: string;
}) {
  const { at, own, whole, filter } = props;
  const found = narrowed(whole.cells, filter);
  const from = (props.number - 1) * perPage;
  const rows = found.slice(from, from + perPage);
  const query = { state: filter.state, unit: filter.unit, group: filter.group };
  const groups = new Map(whole.cells.map((cell) => [cell.obligation.group.uk, cell.obligation.group]));
  const unitTitle =
    filter.unit === 'nobody' ? own.nobody : whole.units.find((unit) => unit.name === filter.unit)?.title;
  return (
    <>
      <FilterBar
        action={at.href('/board')}
        folded
        active={[
          ...(filter.state
            ? [{ label: own.states[filter.state], removeHref: at.href('/board', { ...query, state: null }) }]
            : []),
          ...(unitTitle
            ? [{ label: unitTitle, removeHref: at.href('/board', { ...query, unit: null }) }]
            : []),
          ...(filter.group
            ? [
                {
                  label: groups.get(filter.group)?.[at.language] ?? filter.group,
                  removeHref: at.href('/board', { ...query, group: null }),
                },
              ]
            : []),
        ]}
        clearHref={at.href('/board')}
      >
        <Select
          name="state"
          label={own.state}
          empty={own.all}
          value={filter.state ?? ''}
          options={cellStates.map((state) => ({ value: state, label: own.states[state] }))}
        />
        <Select
          name="unit"
          label={own.unit}
          empty={own.all}
          value={filter.unit ?? ''}
          options={[
            ...whole.units.map((unit) => ({ value: unit.name, label: unit.title })),
            { value: 'nobody', label: own.nobody },
          ]}
        />
        <Select
          name="group"
          label={own.group}
          empty={own.all}
          value={filter.group ?? ''}
          options={[...groups.values()].map((group) => ({ value: group.uk, label: group[at.language] }))}
        />
      </FilterBar>
      <Table
        caption={own.cells}
        quietCaption
        rows={rows}
        rowKey={(cell) => `${cell.obligation.code} ${cell.unit?.id ?? ''}`}
        columns={[
          {
            key: 'obligation',
            title: own.obligation,
            header: true,
            cell: (cell) => (
              <span>
                <a href={at.href(`/board/obligations/${cell.obligation.id}`)}>{cell.obligation.title}</a>{' '}
                <span class="muted mono nowrap">{cell.obligation.code}</span>
              </span>
            ),
          },
          {
            key: 'unit',
            title: own.unit,
            cell: (cell) => cell.unit?.title ?? <span class="muted">{own.nobody}</span>,
          },
          { key: 'state', title: own.state, cell: (cell) => <StateBadge own={own} state={cell.state} /> },
          { key: 'data', title: own.data, cell: (cell) => <Data at={at} own={own} cell={cell} /> },
          {
            key: 'responsible',
            title: own.responsible,
            cell: (cell) =>
              cell.unit ? <Answers own={own} people={props.responsible.get(cell.unit.id) ?? []} /> : '—',
          },
          {
            key: 'act',
            title: own.act,
            cell: (cell) => <Act at={at} own={own} cell={cell} csrf={props.csrf} query={query} />,
          },
        ]}
        empty={
          <Empty title={own.none}>
            <p>{own.noneWhy}</p>
          </Empty>
        }
      />
      <Pagination
        page={props.number}
        pages={Math.ceil(found.length / perPage)}
        href={(target) => at.href('/board', { ...query, page: target })}
        summary={
          rows.length > 0
            ? own.shown(at.number(from + 1), at.number(from + rows.length), at.number(found.length))
            : ''
        }
      />
    </>
  );
}

function Data(props: { at: Here; own: BoardText; cell: Cell }) {
  const { at, own, cell } = props;
  if (cell.datasets.length > 0)
    return (
      <div>
        {cell.datasets.map((one) => (
          <div key={one.name}>
            <a href={at.href(`/dataset/${one.name}`)}>{one.title}</a>
            {one.due && <span class="muted">, {at.date(one.due)}</span>}
          </div>
        ))}
      </div>
    );
  if (!cell.notApplicable) return <>—</>;
  const { reason, by, at: when } = cell.notApplicable;
  return (
    <span>
      {reason} <span class="muted">{own.signed(by, at.date(when))}</span>
    </span>
  );
}

function Act(props: {
  at: Here;
  own: BoardText;
  cell: Cell;
  csrf: string;
  query: Readonly<Record<string, string | undefined>>;
}) {
  const { at, own, cell } = props;
  if (!cell.unit) return <a href={at.href(`/board/obligations/${cell.obligation.id}`)}>{own.assign}</a>;
  if (cell.state === 'published' || cell.state === 'not applicable') return <>—</>;
  return (
    <Form
      action={at.href('/board/remind')}
      csrf={props.csrf}
      hidden={{ code: cell.obligation.code, organisation: cell.unit.id, ...props.query }}
      label={own.remindOf(cell.obligation.title, cell.unit.title)}
    >
      <Button type="submit" look="secondary" size="small">
        {own.remind}
      </Button>
    </Form>
  );
}

/** Each publisher with what it has of what it must have. */
function Units(props: {
  at: Here;
  own: BoardText;
  whole: Board;
  responsible: ReadonlyMap<string, readonly Responsible[]>;
  shares: ReadonlyMap<string, Share>;
}) {
  const { at, own, whole } = props;
  const count = (unit: string, state: CellState) =>
    whole.cells.filter((cell) => cell.unit?.id === unit && cell.state === state).length;
  return (
    <Table
      caption={own.units}
      quietCaption
      rows={whole.units}
      rowKey={(unit) => unit.id}
      columns={[
        {
          key: 'unit',
          title: own.unit,
          header: true,
          cell: (unit) => <a href={at.href('/board', { unit: unit.name })}>{unit.title}</a>,
        },
        {
          key: 'coverage',
          title: own.stateTitles.published,
          numeric: true,
          nowrap: true,
          cell: (unit) => {
            const { published, all } = coverageOf(whole.cells.filter((cell) => cell.unit?.id === unit.id));
            return all === 0 ? '—' : own.nOfM(at.number(published), at.number(all));
          },
        },
        ...(['stale', 'broken', 'missing'] as const).map((state) => ({
          key: state,
          title: own.stateTitles[state],
          numeric: true,
          cell: (unit: Board['units'][number]) => {
            const n = count(unit.id, state);
            return n === 0 ? '0' : <a href={at.href('/board', { unit: unit.name, state })}>{at.number(n)}</a>;
          },
        })),
        {
          key: 'onTime',
          title: own.onTime,
          numeric: true,
          nowrap: true,
          cell: (unit) => {
            const share = props.shares.get(unit.id);
            return share ? own.onTimeOf(at.number(share.onTime), at.number(share.all)) : own.nothingPromised;
          },
        },
        {
          key: 'responsible',
          title: own.responsible,
          cell: (unit) => (
            <span>
              <Answers own={own} people={props.responsible.get(unit.id) ?? []} />{' '}
              <a href={at.href(`/board/units/${unit.name}`)}>
                {own.change}
                <span class="visually-hidden">: {unit.title}</span>
              </a>
            </span>
          ),
        },
      ]}
      empty={
        <Empty title={own.noUnits}>
          <p>{own.noUnitsWhy}</p>
        </Empty>
      }
    />
  );
}

/** `POST /open-data/board/remind` */
export function remindAnswer(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const { data } = await readForm(
      c,
      z.object({
        code: z.string(),
        organisation: z.string(),
        state: z.string().optional(),
        unit: z.string().optional(),
        group: z.string().optional(),
      }),
    );
    if (!data) throw new Absent();
    const { code, organisation, ...filter } = data;
    const told = await platform.work(c.var.visit.actor, (work) => remindOf(work, { code, organisation }));
    const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value));
    query.set('told', String(told.length));
    return c.redirect(`${at.href('/board')}?${query}`, 303);
  };
}
