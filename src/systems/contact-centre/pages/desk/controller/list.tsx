import type { Context } from 'hono';
import type { ComponentChildren } from 'preact';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { Badge, Empty, FilterBar, LinkButton, PageHead, Pagination, Select, Table, Tabs } from '#ui/index.ts';
import {
  type CallBackRow,
  callBacks,
  checkCalls,
  type DeskRow,
  type DoubtRow,
  dayParts,
  deskRequest,
  doubtfulClaims,
} from '../../../lists/index.ts';
import { type Dissenter, dissenters } from '../../../split.ts';
import { branchesOf, organisationsOf } from '../../reads.ts';
import { shownNumber } from '../../text.ts';
import { type Controlling, controllerPage, controlling, Marks, nameOf } from './kit.tsx';

type View = 'calls' | 'evidence' | 'checks' | 'splits';
const paths: Record<View, string> = {
  calls: '',
  evidence: '/evidence',
  checks: '/checks',
  splits: '/splits',
};
/** A morning's calls. */
const perList = 50;

/** The lists of the controller: each a page with an own address. */
export function controllerList(platform: Platform, view: View) {
  return async (c: Context<MistoEnv>): Promise<Response> => {
    const desk = controlling(platform, c);
    const { at, words } = desk;
    const { organisation, branch, building } = c.req.query();
    const filter = {
      ...(organisation ? { organisation } : {}),
      ...(branch ? { branch } : {}),
      ...(building ? { building } : {}),
    };
    const { actor } = c.var.visit;
    const [branches, organisations] = await Promise.all([
      branchesOf(platform.db, at.language),
      organisationsOf(platform.db, at.language),
    ]);
    const options = (rows: readonly { code: string; name: string }[]) =>
      rows.map((row) => ({ value: row.code, label: row.name }));
    const filtered = view === 'calls' || view === 'evidence';
    const path = paths[view];
    const active = [
      { name: 'organisation', label: organisations.find((one) => one.code === organisation)?.name },
      { name: 'branch', label: branches.find((one) => one.code === branch)?.name },
      { name: 'building', label: building ? words.house : undefined },
    ].flatMap(({ name, label }) =>
      label ? [{ label, removeHref: desk.href(path, { ...filter, [name]: undefined }) }] : [],
    );
    const body = await listOf(desk, view, filter);
    return controllerPage(
      desk,
      { title: words.title },
      <>
        <PageHead title={words.title} lead={words.lead} />
        <Tabs
          items={(Object.keys(paths) as View[]).map((one) => ({
            title: words.tabs[one],
            href: desk.href(paths[one]),
            current: one === view,
          }))}
        />
        {filtered && (
          <FilterBar
            action={desk.href(path)}
            active={active}
            clearHref={desk.href(path)}
            hidden={building ? { building } : {}}
          >
            <Select
              name="organisation"
              label={at.text.executor}
              options={options(organisations.filter(({ code }) => code !== actor.organisation))}
              value={organisation ?? ''}
              empty={words.any}
            />
            <Select
              name="branch"
              label={at.text.category}
              options={options(branches)}
              value={branch ?? ''}
              empty={words.any}
            />
          </FilterBar>
        )}
        {body}
      </>,
    );
  };
}

async function listOf(
  desk: Controlling,
  view: View,
  filter: { organisation?: string; branch?: string; building?: string },
) {
  const { platform, c, at, words } = desk;
  const empty = (
    <Empty title={words.none[view]}>
      <p>{words.noneWhy[view]}</p>
    </Empty>
  );
  const count = (rows: readonly unknown[], more: boolean) =>
    rows.length > 0 && <Pagination summary={words.shown(at.number(rows.length), more)} />;
  if (view === 'calls' || view === 'checks') {
    const found = await desk.run((work) =>
      view === 'calls' ? callBacks(work, filter, perList) : checkCalls(work, perList),
    );
    return (
      <>
        {found.rows.length > 0 && <p class="muted">{words.read}</p>}
        <Calls desk={desk} rows={found.rows} caption={words.tabs[view]} empty={empty} />
        {count(found.rows, found.more)}
      </>
    );
  }
  if (view === 'evidence') {
    const found = await doubtfulClaims(platform.db, c.var.visit.actor, filter, perList);
    return (
      <>
        <Doubts desk={desk} rows={found.rows} empty={empty} />
        {count(found.rows, found.more)}
      </>
    );
  }
  const found = await dissenters(platform.db, c.var.visit.actor, perList + 1);
  const kept = found.slice(0, perList);
  const requests = new Map<string, DeskRow>();
  for (const { number } of kept) {
    const row = requests.has(number) ? null : await deskRequest(platform.db, c.var.visit.actor, number);
    if (row) requests.set(number, row);
  }
  return (
    <>
      <Splits desk={desk} rows={kept} requests={requests} empty={empty} />
      {count(kept, found.length > perList)}
    </>
  );
}

function About(props: { desk: Controlling; row: DeskRow }) {
  const { desk, row } = props;
  const { at } = desk;
  return (
    <>
      <a href={at.href(`/desk/requests/${row.number}`)}>{nameOf(at, row)}</a>
      <br />
      <span class="muted">
        <span class="mono">{shownNumber(row.number)}</span>
        {row.address && ` · ${row.address}`}
      </span>
      {row.building && (
        <>
          {' '}
          <a href={desk.href('', { building: row.building })}>{desk.words.wholeHouse}</a>
        </>
      )}
    </>
  );
}

function Calls(props: {
  desk: Controlling;
  rows: readonly CallBackRow[];
  caption: string;
  empty: ComponentChildren;
}) {
  const { desk } = props;
  const { at, words } = desk;
  return (
    <Table
      caption={props.caption}
      quietCaption
      rows={props.rows}
      rowKey={(row) => row.reporter}
      empty={props.empty}
      columns={[
        {
          key: 'who',
          title: words.who,
          header: true,
          cell: (row) => (
            <>
              {row.name ?? words.unnamed}
              <br />
              {row.phone ? (
                <a class="mono" href={`tel:${row.phone}`}>
                  {row.phone}
                </a>
              ) : (
                <span class="muted">{words.locked}</span>
              )}
            </>
          ),
        },
        { key: 'what', title: words.what, cell: (row) => <About desk={desk} row={row} /> },
        {
          key: 'claim',
          title: words.claim,
          cell: (row) => (
            <>
              {row.answer} <span class="muted">{row.organisationName?.[at.language]}</span>{' '}
              <Marks words={words} faults={row.evidenceFaults} />
            </>
          ),
        },
        {
          key: 'tries',
          title: words.tries,
          nowrap: true,
          cell: (row) => (
            <>
              {dayParts.map((part) => (
                <Badge key={part} tone={row.triedParts.includes(part) ? 'danger' : 'neutral'}>
                  {words.parts[part]}
                  <span class="visually-hidden">
                    : {row.triedParts.includes(part) ? words.tried : words.untried}
                  </span>
                </Badge>
              ))}
            </>
          ),
        },
        {
          key: 'open',
          title: words.open,
          cell: (row) => (
            <LinkButton size="small" href={desk.href(`/calls/${row.number}/${row.reporter}`)}>
              {words.open}
            </LinkButton>
          ),
        },
      ]}
    />
  );
}

function Doubts(props: { desk: Controlling; rows: readonly DoubtRow[]; empty: ComponentChildren }) {
  const { desk } = props;
  const { at, words } = desk;
  return (
    <Table
      caption={words.tabs.evidence}
      quietCaption
      rows={props.rows}
      rowKey={(row) => row.number}
      empty={props.empty}
      columns={[
        { key: 'what', title: words.what, header: true, cell: (row) => <About desk={desk} row={row} /> },
        {
          key: 'claim',
          title: words.claim,
          cell: (row) => (
            <>
              {row.answer}{' '}
              <span class="muted">
                {row.organisationName?.[at.language]}, {at.time(row.claimedAt)}
              </span>
            </>
          ),
        },
        {
          key: 'marks',
          title: words.evidence.marks,
          cell: (row) => <Marks words={words} faults={row.evidenceFaults} />,
        },
        {
          key: 'open',
          title: words.evidence.look,
          cell: (row) => (
            <LinkButton size="small" href={desk.href(`/evidence/${row.number}`)}>
              {words.evidence.look}
            </LinkButton>
          ),
        },
      ]}
    />
  );
}

function Splits(props: {
  desk: Controlling;
  rows: readonly Dissenter[];
  requests: ReadonlyMap<string, DeskRow>;
  empty: ComponentChildren;
}) {
  const { desk, requests } = props;
  const { at, words } = desk;
  return (
    <Table
      caption={words.tabs.splits}
      quietCaption
      rows={props.rows.filter(({ number }) => requests.has(number))}
      rowKey={(row) => row.reporter}
      empty={props.empty}
      columns={[
        {
          key: 'what',
          title: words.what,
          header: true,
          cell: (row) => <About desk={desk} row={requests.get(row.number)!} />,
        },
        { key: 'people', title: at.text.people, numeric: true, cell: (row) => at.number(row.people) },
        { key: 'said', title: words.split.said, cell: (row) => row.comment ?? '–' },
        { key: 'at', title: at.text.updated, nowrap: true, cell: (row) => at.time(row.at) },
        {
          key: 'open',
          title: words.split.go,
          cell: (row) => (
            <LinkButton size="small" href={desk.href(`/splits/${row.number}/${row.reporter}`)}>
              {words.split.go}
            </LinkButton>
          ),
        },
      ]}
    />
  );
}
