import type { Context } from 'hono';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import {
  Badge,
  Breadcrumbs,
  Empty,
  FilterBar,
  LinkButton,
  PageHead,
  Section,
  Select,
  StackedBar,
  Table,
} from '#ui/index.ts';
import {
  byObligation,
  type Cell,
  type CellState,
  cellStates,
  cityCoverage,
  obligationState,
  readBoard,
} from '../../obligations/board.ts';
import { ledgerOf } from '../../promises/ledger.ts';
import { type Here, here } from '../kit.tsx';
import { CoverageTabs, LedgerTable, shareText } from './ledger.tsx';
import { type CoverageText, coverageText } from './text.ts';
import { stateTones } from './tones.ts';

/** Lines of the ledger on this page; the others are behind a link. */
const ledgerShown = 10;

/** `/open-data/coverage`: what the law demands and what there is, for everybody. */
export function coverage(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const own = coverageText(at.language);
    const now = platform.clock.now();
    const [whole, ledger] = await Promise.all([
      readBoard(platform.db, now),
      ledgerOf(platform.db, { now, limit: ledgerShown, offset: 0 }),
    ]);
    const state = cellStates.find((one) => one === c.req.query('state'));
    const unit = whole.units.find((one) => one.name === c.req.query('unit'));
    const all = byObligation(whole.cells);
    const found = all.filter(
      (cells) =>
        (!state || obligationState(cells) === state) &&
        (!unit || cells.some((cell) => cell.unit?.id === unit.id)),
    );
    const groups = Map.groupBy(found, (cells) => cells[0]!.obligation.group[at.language]);
    const covered = cityCoverage(whole.cells);
    const count = (wanted: CellState) => all.filter((cells) => obligationState(cells) === wanted).length;
    return page(
      c,
      { title: own.title, width: 'wide' },
      <>
        <Breadcrumbs items={[{ title: at.text.portal, href: at.href('') }]} />
        <PageHead
          title={own.title}
          lead={own.lead(at.number(covered.published), at.number(covered.all))}
          actions={
            <>
              <LinkButton look="secondary" href={at.href('/coverage.csv')} download>
                CSV
              </LinkButton>
              <LinkButton look="secondary" href={at.href('/coverage.json')} download>
                JSON
              </LinkButton>
            </>
          }
        />
        <CoverageTabs at={at} own={own} current="obligations" />
        {all.length === 0 ? (
          <Empty title={own.nothing}>
            <p>{own.nothingWhy}</p>
          </Empty>
        ) : (
          <>
            <StackedBar
              title={own.byState}
              data={cellStates.map((one) => ({
                label: own.states[one],
                value: count(one),
                tone: stateTones[one],
                href: at.href('/coverage', { state: one }),
              }))}
            />
            <FilterBar
              action={at.href('/coverage')}
              folded
              active={[
                ...(state
                  ? [{ label: own.states[state], removeHref: at.href('/coverage', { unit: unit?.name }) }]
                  : []),
                ...(unit ? [{ label: unit.title, removeHref: at.href('/coverage', { state }) }] : []),
              ]}
              clearHref={at.href('/coverage')}
            >
              <Select
                name="state"
                label={own.state}
                empty={own.all}
                value={state ?? ''}
                options={cellStates.map((one) => ({ value: one, label: own.states[one] }))}
              />
              <Select
                name="unit"
                label={own.unit}
                empty={own.all}
                value={unit?.name ?? ''}
                options={whole.units.map((one) => ({ value: one.name, label: one.title }))}
              />
            </FilterBar>
            {found.length === 0 && (
              <Empty title={own.none}>
                <p>{own.noneWhy}</p>
              </Empty>
            )}
            {[...groups].map(([group, rows]) => (
              <Section key={group} title={group}>
                <Obligations at={at} own={own} title={group} rows={rows} now={now} />
              </Section>
            ))}
          </>
        )}
        <Section
          title={own.ledger}
          lead={own.ledgerLead}
          id="ledger"
          {...(ledger.total > 0 ? { more: { title: own.whole, href: at.href('/coverage/ledger') } } : {})}
        >
          <p>{await shareText(platform, at, own, now)}</p>
          <LedgerTable at={at} own={own} rows={ledger.rows} />
        </Section>
      </>,
    );
  };
}

function Obligations(props: {
  at: Here;
  own: CoverageText;
  title: string;
  rows: readonly (readonly Cell[])[];
  now: Date;
}) {
  const { at, own, now } = props;
  return (
    <Table
      caption={props.title}
      quietCaption
      rows={props.rows}
      rowKey={(cells) => cells[0]!.obligation.code}
      columns={[
        {
          key: 'obligation',
          title: own.obligation,
          header: true,
          cell: ([first]) => {
            const { appendix, code, title } = first!.obligation;
            return (
              <span id={appendix === null ? code : `835/${appendix}`}>
                {title} {appendix !== null && <span class="muted">{own.appendix(String(appendix))}</span>}
              </span>
            );
          },
        },
        {
          key: 'state',
          title: own.state,
          nowrap: true,
          cell: (cells) => {
            const state = obligationState(cells);
            return <Badge tone={stateTones[state]}>{own.states[state]}</Badge>;
          },
        },
        {
          key: 'where',
          title: own.where,
          cell: (cells) => (
            <div>
              {cells.map((cell) => (
                <Where key={cell.unit?.id} at={at} own={own} cell={cell} now={now} />
              ))}
            </div>
          ),
        },
      ]}
    />
  );
}

function Where(props: { at: Here; own: CoverageText; cell: Cell; now: Date }) {
  const { at, own, cell, now } = props;
  if (!cell.unit) return <span class="muted">{own.nobody}</span>;
  return (
    <div>
      <a href={at.href(`/organization/${cell.unit.name}`)}>{cell.unit.title}</a>
      {cell.datasets.map((one) => (
        <div key={one.name}>
          <a href={at.href(`/dataset/${one.name}`)}>{one.title}</a>
          {one.due && (
            <span class="muted">
              , {one.due < now ? own.wasDue(at.date(one.due)) : own.due(at.date(one.due))}
            </span>
          )}
        </div>
      ))}
      {cell.datasets.length === 0 && !cell.notApplicable && (
        <span class="muted">, {own.states.missing.toLocaleLowerCase(at.language)}</span>
      )}
      {cell.datasets.length === 0 && cell.notApplicable && (
        <p class="muted">
          {own.because(cell.notApplicable.reason, cell.notApplicable.by, at.date(cell.notApplicable.at))}
        </p>
      )}
    </div>
  );
}
