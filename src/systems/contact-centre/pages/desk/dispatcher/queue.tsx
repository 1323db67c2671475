import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { type FieldFault, Forbidden } from '#platform/errors.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import type { Actor } from '#platform/work.ts';
import {
  Actions,
  Badge,
  Button,
  Checkbox,
  Details,
  Empty,
  ErrorSummary,
  FilterBar,
  Form,
  Island,
  LinkButton,
  Notice,
  PageHead,
  Pagination,
  Select,
  Table,
  Tabs,
  TextInput,
} from '#ui/index.ts';
import { type City, readCity } from '../../../city.ts';
import type { RequestClass } from '../../../city-data.ts';
import { filterNames, type SavedFilter, savedFilters } from '../../../dispatching.ts';
import { changedSince, type QueueFilter, type QueueRow, queue, queueSizes } from '../../../lists/index.ts';
import { permission } from '../../../permissions.ts';
import type { Move, State } from '../../../states.ts';
import { StateBadge } from '../../kit.tsx';
import { pageNews, requestTopic } from '../../news.ts';
import { shownNumber, stateName, typedNumber } from '../../text.ts';
import { type DeskHere, Done, deskHere, timeLeft } from '../kit.tsx';
import { crewsOf } from '../moves.tsx';
import { unitName } from '../request/reads.ts';
import { dispatcherText } from './text.ts';

const classes = ['urgent', 'emergency', 'ordinary', 'question'] as const satisfies readonly RequestClass[];
/** In the order in which work goes. */
const queued = [
  'assigned',
  'accepted',
  'planned',
  'in_progress',
  'waiting_reporter',
  'rework',
  'claimed',
  'triage',
  'registered',
] as const satisfies readonly State[];
/** What may be done with many at once. */
export const bulkMoves = [
  'accept',
  'dispatch',
  'plan',
  'ask',
  'return',
  'claim',
] as const satisfies readonly Move[];
const perPage = 50;

/** What the address of the queue narrows it by. */
export type Chosen = Partial<Readonly<Record<(typeof filterNames)[number], string>>>;

/** @throws Forbidden for staff whose work is not in this queue. */
export function mustDispatch(actor: Actor): void {
  const may = ['accept', 'see_load'].map(permission);
  if (!actor.grants.some((grant) => may.some((one) => grant.permissions.has(one))))
    throw new Forbidden(permission('accept'));
}

export const chosenOf = (c: Context<MistoEnv>): Chosen =>
  Object.fromEntries(
    filterNames.flatMap((name) => {
      const value = c.req.query(name);
      return value ? [[name, value.slice(0, 60)]] : [];
    }),
  );

function filterOf(chosen: Chosen, now: Date): QueueFilter {
  const state = queued.find((one) => one === chosen.state);
  const urgency = classes.find((one) => one === chosen.class);
  return {
    now,
    ...(state ? { states: [state] } : {}),
    ...(urgency ? { classes: [urgency] } : {}),
    ...(chosen.branch ? { branch: chosen.branch } : {}),
    ...(chosen.district ? { district: chosen.district } : {}),
    ...(chosen.crew ? { crew: chosen.crew } : {}),
    ...(chosen.warned ? { warned: true } : {}),
    ...(chosen.overdue ? { overdue: true } : {}),
    ...(chosen.rework ? { minReworks: 1 } : {}),
  };
}

/** What an act left for the page to tell. */
export interface QueueShown {
  readonly faults?: readonly FieldFault[];
  readonly name?: string;
  readonly chosen?: Chosen;
}

/** `/desk/dispatcher`: what waits for the enterprise, least time left first. */
export const dispatcherPage = (platform: Platform) => (c: Context<MistoEnv>) => drawQueue(platform, c, {});

export async function drawQueue(
  platform: Platform,
  c: Context<MistoEnv>,
  shown: QueueShown,
): Promise<Response> {
  const { actor } = c.var.visit;
  mustDispatch(actor);
  const at = deskHere(c);
  const own = dispatcherText(at.language);
  const now = platform.clock.now();
  const chosen = shown.chosen ?? chosenOf(c);
  const filter = filterOf(chosen, now);
  const { states: _, ...without } = filter;
  const [city, list, sizes, saved] = await Promise.all([
    readCity(platform.db),
    queue(platform.db, actor, filter, { limit: perPage, after: c.req.query('after') ?? null }),
    queueSizes(
      platform.db,
      actor,
      now,
      Object.fromEntries([
        ['all', without],
        ...queued.map((state) => [state, { ...without, states: [state] }]),
      ]) as Record<State | 'all', QueueFilter>,
    ),
    savedFilters(platform.db, actor.id ?? ''),
  ]);
  const href = (more: Readonly<Record<string, string | undefined>> = {}) =>
    at.href('/desk/dispatcher', { ...chosen, ...more });
  const gone = typedNumber(c.req.query('gone') ?? '');
  const faults = shown.faults ?? [];
  return page(
    c,
    { title: own.title, shell: 'desk', faults },
    <>
      <ErrorSummary faults={faults} />
      {gone.length === 11 && <Done>{own.gone(shownNumber(gone))}</Done>}
      {c.req.query('saved') === '1' && <Done>{own.savedDone}</Done>}
      {c.req.query('saved') === '0' && <Done>{own.dropped}</Done>}
      {c.req.query('pick') === '1' && (
        <Notice tone="warning" live>
          <p>{own.pick}</p>
        </Notice>
      )}
      <PageHead
        title={own.title}
        lead={own.lead}
        actions={
          <>
            <LinkButton look="secondary" icon="map" href={at.href('/desk/dispatcher/map')}>
              {own.map}
            </LinkButton>
            <LinkButton look="secondary" href={href()}>
              {own.refresh}
            </LinkButton>
          </>
        }
      />
      <Island
        name="page-news"
        props={{
          source: at.href('/desk/dispatcher/news', { ...chosen, since: now.toISOString() }),
          href: href(),
          words: own.fresh,
        }}
      />
      <Tabs
        label={at.text.state}
        items={[
          {
            title: own.all,
            href: href({ state: undefined }),
            count: at.number(sizes.all),
            current: !filter.states,
          },
          ...queued
            .filter((state) => sizes[state] > 0 || chosen.state === state)
            .map((state) => ({
              title: stateName(at.language, state, null),
              href: href({ state }),
              count: at.number(sizes[state]),
              current: chosen.state === state,
            })),
        ]}
      />
      <Filters at={at} city={city} chosen={chosen} organisation={actor.organisation} href={href} />
      <SavedFilters at={at} csrf={c.var.visit.csrfToken()} saved={saved} chosen={chosen} shown={shown} />
      {list.rows.length === 0 ? (
        <Empty title={own.empty} icon="check">
          <p>{own.emptyWhy}</p>
        </Empty>
      ) : (
        <>
          <QueueTable at={at} city={city} rows={list.rows} now={now} organisation={actor.organisation} />
          <form id="bulk" class="bulk-bar" action={at.href('/desk/dispatcher/bulk')} method="get">
            <span class="muted">{own.with}</span>
            {bulkMoves.map((move) => (
              <Button key={move} look="secondary" size="small" name="move" value={move}>
                {at.words.acts[move]}
              </Button>
            ))}
          </form>
        </>
      )}
      <Pagination
        next={list.next ? href({ after: list.next }) : null}
        previous={c.req.query('after') ? href() : null}
        summary={
          list.more ? own.shown(at.number(list.rows.length)) : own.shownAll(at.number(list.rows.length))
        }
      />
    </>,
  );
}

/** `/desk/dispatcher/news`: how much of the queue has changed since the page was drawn. */
export function queueNews(platform: Platform) {
  return pageNews(
    platform,
    (topic) => topic.startsWith(requestTopic('')),
    async (c) => {
      const { actor } = c.var.visit;
      mustDispatch(actor);
      const since = new Date(c.req.query('since') ?? '');
      return Number.isNaN(since.getTime())
        ? 0
        : changedSince(platform.db, actor, filterOf(chosenOf(c), platform.clock.now()), since);
    },
  );
}

function QueueTable(props: {
  at: DeskHere;
  city: City;
  rows: readonly QueueRow[];
  now: Date;
  /** Whose queue it is; null: of several. */
  organisation: string | null;
}) {
  const { at, city } = props;
  const own = dispatcherText(at.language);
  return (
    <Table
      caption={own.title}
      quietCaption
      rows={props.rows}
      // The version goes along, so that a row that changed meanwhile is told apart.
      rowKey={(row) => `${row.number}.${row.version}`}
      rowTone={(row) =>
        row.timeLeft !== null && row.timeLeft < 0 ? 'danger' : row.warned ? 'warning' : undefined
      }
      select={{ name: 'row', form: 'bulk', label: (row) => own.select(shownNumber(row.number)) }}
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
          key: 'left',
          title: own.left,
          cell: (row) => (
            <>
              {row.timeLeft !== null && row.timeLeft < 0 ? (
                <Badge tone="danger" icon="alert">
                  {timeLeft(at.words, row.timeLeft)}
                </Badge>
              ) : (
                timeLeft(at.words, row.timeLeft)
              )}
              {row.warned && (row.timeLeft === null || row.timeLeft >= 0) && (
                <>
                  {' '}
                  <Badge tone="warning">{own.soon}</Badge>
                </>
              )}
              {row.due && (
                <>
                  <br />
                  <time class="muted" dateTime={row.due.toISOString()}>
                    {at.time(row.due)}
                  </time>
                </>
              )}
            </>
          ),
        },
        {
          key: 'what',
          title: at.text.category,
          cell: (row) => (
            <>
              {row.categoryName?.[at.language] ?? row.category}{' '}
              {(row.class === 'urgent' || row.class === 'emergency') && (
                <Badge tone="danger">{at.text.classes[row.class]}</Badge>
              )}
              <br />
              <span class="muted">{excerpt(row.text ?? at.text.hiddenText)}</span>
            </>
          ),
        },
        {
          key: 'place',
          title: at.text.place,
          cell: (row) =>
            [row.address, city.districts.find(({ code }) => code === row.district)?.name[at.language]]
              .filter(Boolean)
              .join(', '),
        },
        {
          key: 'state',
          title: at.text.state,
          cell: (row) => (
            <>
              <StateBadge language={at.language} state={row.state} closing={row.closing} />
              {row.state === 'planned' && row.planned && (
                <span class="muted"> {own.planned(at.date(row.planned))}</span>
              )}
              {row.reworks > 0 && (
                <>
                  <br />
                  <span class="muted">{own.reworks(row.reworks)}</span>
                </>
              )}
            </>
          ),
        },
        {
          key: 'crew',
          title: own.crew,
          cell: (row) =>
            unitName(city.known.units, row.crew, at.language) ??
            unitName(city.known.units, row.unit, at.language) ??
            (row.organisation === props.organisation ? null : row.organisationName?.[at.language]) ??
            '–',
        },
      ]}
    />
  );
}

function excerpt(text: string): string {
  const points = [...text];
  return points.length > 110 ? `${points.slice(0, 107).join('').trimEnd()}…` : text;
}

function Filters(props: {
  at: DeskHere;
  city: City;
  chosen: Chosen;
  organisation: string | null;
  href: (more: Readonly<Record<string, string | undefined>>) => string;
}) {
  const { at, city, chosen, href } = props;
  const own = dispatcherText(at.language);
  const { language } = at;
  const options = {
    class: classes.map((one) => ({ value: one as string, label: at.text.classes[one] })),
    branch: [...city.branches.values()].map((one) => ({ value: one.code, label: one.name[language] })),
    district: city.districts.map((one) => ({ value: one.code, label: one.name[language] })),
    crew: crewsOf(city, props.organisation).map((one) => ({ value: one.id, label: one.name[language] })),
  };
  const titles = { class: at.words.class, branch: own.branch, district: at.text.district, crew: own.crew };
  const labels: Readonly<Record<string, string | undefined>> = {
    ...Object.fromEntries(
      Object.entries(options).map(([name, list]) => [
        name,
        list.find(({ value }) => value === chosen[name as keyof Chosen])?.label,
      ]),
    ),
    warned: chosen.warned && own.warned,
    overdue: chosen.overdue && own.overdue,
    rework: chosen.rework && own.rework,
  };
  const active = Object.entries(labels).flatMap(([name, label]) =>
    label ? [{ label, removeHref: href({ [name]: undefined }) }] : [],
  );
  return (
    <FilterBar
      action={at.href('/desk/dispatcher')}
      active={active}
      clearHref={at.href('/desk/dispatcher')}
      hidden={{ state: chosen.state }}
      folded
    >
      {(['class', 'branch', 'district', 'crew'] as const).map((name) => (
        <Select
          key={name}
          name={name}
          label={titles[name]}
          options={options[name]}
          value={chosen[name] ?? ''}
          empty={own.any}
        />
      ))}
      {(['warned', 'overdue', 'rework'] as const).map((name) => (
        <Checkbox key={name} name={name} label={own[name]} value="1" checked={Boolean(chosen[name])} />
      ))}
    </FilterBar>
  );
}

/** What this person looks at again and again; the filters of now under a new name. */
function SavedFilters(props: {
  at: DeskHere;
  csrf: string;
  saved: readonly SavedFilter[];
  chosen: Chosen;
  shown: QueueShown;
}) {
  const { at, saved, shown } = props;
  const own = dispatcherText(at.language);
  const action = at.href('/desk/dispatcher/filters');
  const query = new URLSearchParams(props.chosen as Record<string, string>).toString();
  const faults = shown.faults ?? [];
  return (
    <Details
      summary={`${own.saved}${saved.length ? ` (${saved.length})` : ''}`}
      open={saved.length > 0 || faults.length > 0}
    >
      {saved.map((one) => (
        <Form
          key={one.name}
          action={action}
          csrf={props.csrf}
          idempotencyKey={randomUUID()}
          hidden={{ drop: one.name, query }}
          class="actions"
        >
          <a href={`${at.href('/desk/dispatcher')}?${one.query}`}>{one.name}</a>
          <Button look="quiet" size="small">
            {own.drop}
            <span class="visually-hidden">: {one.name}</span>
          </Button>
        </Form>
      ))}
      <Form
        action={action}
        csrf={props.csrf}
        idempotencyKey={randomUUID()}
        faults={faults}
        hidden={{ query }}
      >
        <TextInput name="name" label={own.saveName} hint={own.saveHint} width="m" value={shown.name ?? ''} />
        <Actions>
          <Button look="secondary" size="small">
            {own.save}
          </Button>
        </Actions>
      </Form>
    </Details>
  );
}
