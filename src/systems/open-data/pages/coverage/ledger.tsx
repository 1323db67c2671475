import type { Context } from 'hono';
import { daysBetween, localDate } from '#platform/calendar/index.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import {
  Badge,
  Breadcrumbs,
  Empty,
  LinkButton,
  PageHead,
  Pagination,
  Table,
  Tabs,
  type Tone,
} from '#ui/index.ts';
import { type KeptPromise, ledgerOf, type Outcome, shareOf } from '../../promises/ledger.ts';
import { type Here, here, pageOf } from '../kit.tsx';
import { type CoverageText, coverageText } from './text.ts';

const perPage = 50;

/** `/open-data/coverage/ledger`: every promise of the past year, and what came of it. */
export function ledger(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const own = coverageText(at.language);
    const now = platform.clock.now();
    const number = pageOf(c);
    const from = (number - 1) * perPage;
    const found = await ledgerOf(platform.db, { now, limit: perPage, offset: from });
    return page(
      c,
      { title: own.ledger, width: 'wide' },
      <>
        <Breadcrumbs
          items={[
            { title: at.text.portal, href: at.href('') },
            { title: own.title, href: at.href('/coverage') },
          ]}
        />
        <PageHead
          title={own.ledger}
          lead={await shareText(platform, at, own, now)}
          actions={
            <LinkButton look="secondary" href={at.href('/coverage/ledger.csv')} download>
              CSV
            </LinkButton>
          }
        />
        <CoverageTabs at={at} own={own} current="ledger" />
        <LedgerTable at={at} own={own} rows={found.rows} />
        <Pagination
          page={number}
          pages={Math.ceil(found.total / perPage)}
          href={(target) => at.href('/coverage/ledger', { page: target })}
          summary={
            found.rows.length > 0
              ? own.shown(at.number(from + 1), at.number(from + found.rows.length), at.number(found.total))
              : ''
          }
        />
      </>,
    );
  };
}

/** From what the law demands to what was promised, and back. */
export function CoverageTabs(props: { at: Here; own: CoverageText; current: 'obligations' | 'ledger' }) {
  const { at, own, current } = props;
  return (
    <Tabs
      label={own.title}
      items={[
        { title: own.obligations, href: at.href('/coverage'), current: current === 'obligations' },
        { title: own.ledger, href: at.href('/coverage/ledger'), current: current === 'ledger' },
      ]}
    />
  );
}

/** The on-time share of the past year in a sentence. */
export async function shareText(
  platform: Platform,
  at: Here,
  own: CoverageText,
  now: Date,
  organisation?: string,
): Promise<string> {
  const { onTime, all } = await shareOf(platform.db, { now, organisation });
  if (all === 0) return own.noShare;
  // Rounded down: one broken promise is not a hundred percent.
  const percent = at.number(Math.floor((onTime / all) * 100) / 100, { style: 'percent' });
  return own.share(percent, at.number(onTime), at.number(all));
}

const tones: Readonly<Record<Outcome, Tone>> = { 'on time': 'good', late: 'warning', 'not kept': 'danger' };

/** Lines of «обіцяно / зроблено». */
export function LedgerTable(props: { at: Here; own: CoverageText; rows: readonly KeptPromise[] }) {
  const { at, own } = props;
  return (
    <Table
      caption={own.ledger}
      quietCaption
      rows={props.rows}
      columns={[
        {
          key: 'dataset',
          title: own.obligation,
          header: true,
          cell: (row) => <a href={at.href(`/dataset/${row.name}`)}>{row.title}</a>,
        },
        { key: 'unit', title: own.unit, cell: (row) => row.organisation },
        { key: 'promised', title: own.promised, nowrap: true, cell: (row) => at.time(row.due) },
        { key: 'done', title: own.done, nowrap: true, cell: (row) => (row.kept ? at.time(row.kept) : '—') },
        {
          key: 'outcome',
          title: own.outcome,
          cell: (row) => (
            <span>
              <Badge tone={tones[row.outcome]}>{own.outcomes[row.outcome]}</Badge>{' '}
              {row.outcome === 'late' && <Late at={at} own={own} row={row} />}
            </span>
          ),
        },
      ]}
      empty={
        <Empty title={own.noShare}>
          <p>{own.noShareWhy}</p>
        </Empty>
      }
    />
  );
}

function Late(props: { at: Here; own: CoverageText; row: KeptPromise }) {
  const { at, own, row } = props;
  const days = daysBetween(localDate(row.due), localDate(row.kept!));
  return days > 0 ? <span class="muted">{own.lateBy(days, at.number(days))}</span> : null;
}
