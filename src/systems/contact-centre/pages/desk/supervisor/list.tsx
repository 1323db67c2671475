import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { z } from 'zod';
import { type FieldFault, NotFound, Refusal } from '#platform/errors.ts';
import { readForm } from '#platform/http/forms.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import {
  Actions,
  BackLink,
  Button,
  Empty,
  ErrorSummary,
  FilterBar,
  Form,
  Notice,
  PageHead,
  Pagination,
  Section,
  Select,
  Table,
  TextInput,
} from '#ui/index.ts';
import type { ClockKind } from '../../../city-data.ts';
import {
  breaches,
  breachSize,
  type ClosedFilter,
  closedList,
  closedSize,
  type DeskRow,
  queue,
  queueSizes,
} from '../../../lists/index.ts';
import { act } from '../../../moves.ts';
import { queues } from '../../../statistics.ts';
import { StateBadge } from '../../kit.tsx';
import { branchesOf, districtsOf, organisationsOf } from '../../reads.ts';
import { shownNumber } from '../../text.ts';
import { day, isQueue, isView, type Shift, shareDays, shiftOf, type View } from './kit.ts';
import { span } from './overview.tsx';

/** As many as one page of a list holds. */
const perPage = 50;

interface Line extends DeskRow {
  readonly clock?: ClockKind;
  readonly clockDue?: Date;
}
interface Found {
  readonly rows: readonly Line[];
  readonly next: string | null;
  readonly total: number;
}
interface Shown {
  readonly faults?: readonly FieldFault[];
  readonly typed?: Readonly<Record<string, string>>;
  readonly ticked?: readonly string[];
}

/** `/desk/supervisor/list/{view}`: the list behind a figure; filters and place stand in the address. */
export const shiftList = (platform: Platform) => (c: Context<MistoEnv>) => draw(shiftOf(platform, c), {});

const schema = z.object({
  number: z.array(z.string()),
  organisation: z.string().default(''),
  reason: z.string().max(1_000).default(''),
});

/** Gives the ticked requests to another executor, each on its own: one that has changed stops no other. */
export function shiftReassign(platform: Platform) {
  return async (c: Context<MistoEnv>): Promise<Response> => {
    const shift = shiftOf(platform, c);
    const { words } = shift;
    const form = await readForm(c, schema);
    const numbers = (form.lists.number ?? []).slice(0, perPage);
    const organisation = form.values.organisation ?? '';
    const reason = form.values.reason ?? '';
    const faults = [
      ...form.faults,
      ...(numbers.length ? [] : [{ field: 'number', message: words.chooseRows }]),
      ...(organisation ? [] : [{ field: 'organisation', message: words.chooseOrganisation }]),
      ...(reason.length < 2 ? [{ field: 'reason', message: words.fill }] : []),
    ];
    if (faults.length) return draw(shift, { faults, typed: form.values, ticked: numbers });
    let moved = 0;
    const left: string[] = [];
    for (const number of numbers) {
      try {
        await shift.run((work) => act(work, number, 'assign', { organisation, reason }));
        moved += 1;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        left.push(number);
      }
    }
    return c.redirect(shift.href(`/list/${viewOf(c)}`, { ...kept(c), moved, left: left.join(',') }), 303);
  };
}

async function read(shift: Shift, view: View): Promise<Found> {
  const { platform, c, now } = shift;
  const { actor } = c.var.visit;
  const { organisation, branch, district } = kept(c);
  const narrow = {
    ...(organisation ? { organisation } : {}),
    ...(branch ? { branch } : {}),
    ...(district ? { district } : {}),
  };
  const after = c.req.query('after') ?? null;
  if (isQueue(view)) {
    const filter = { ...queues[view], ...narrow };
    const [found, sizes] = await Promise.all([
      queue(platform.db, actor, { ...filter, now }, { after, limit: perPage }),
      queueSizes(platform.db, actor, now, { size: filter }),
    ]);
    return { ...found, total: sizes.size };
  }
  if (view === 'breaches') {
    const [found, total] = await Promise.all([
      breaches(platform.db, actor, now, 24, { after, limit: perPage }),
      breachSize(platform.db, actor, now, 24),
    ]);
    return { ...found, total };
  }
  const filter: ClosedFilter = {
    from: new Date(now.getTime() - (view === 'unverified' ? shareDays : 1) * day),
    to: now,
    closings:
      view === 'unverified'
        ? ['unverified']
        : ['confirmed', 'unverified', 'refused', 'transferred', 'withdrawn'],
    ...(organisation ? { organisation } : {}),
  };
  const [found, total] = await Promise.all([
    closedList(platform.db, actor, filter, { after, limit: perPage }),
    closedSize(platform.db, actor, filter),
  ]);
  return { ...found, total };
}

async function draw(shift: Shift, shown: Shown): Promise<Response> {
  const { platform, c, at, words, now } = shift;
  const view = viewOf(c);
  const filters = kept(c);
  const [found, organisations, branches, districts] = await Promise.all([
    read(shift, view),
    organisationsOf(platform.db, at.language),
    branchesOf(platform.db, at.language),
    districtsOf(platform.db, at.language),
  ]);
  const path = `/list/${view}`;
  const options = (rows: readonly { code: string; name: string }[]) =>
    rows.map((row) => ({ value: row.code, label: row.name }));
  const active = [
    { name: 'organisation', label: organisations.find(({ code }) => code === filters.organisation)?.name },
    { name: 'branch', label: branches.find(({ code }) => code === filters.branch)?.name },
    { name: 'district', label: districts.find(({ code }) => code === filters.district)?.name },
  ].flatMap(({ name, label }) =>
    label ? [{ label, removeHref: shift.href(path, { ...filters, [name]: undefined }) }] : [],
  );
  const closed = view === 'unverified' || view === 'closedToday';
  const faults = shown.faults ?? [];
  const moved = faults.length ? undefined : c.req.query('moved');
  const left = (c.req.query('left') ?? '').split(',').filter((number) => /^\d{11}$/.test(number));
  const title = words.figures[view];
  return page(
    c,
    { title, shell: 'desk', width: 'full', private: true, faults },
    <>
      <ErrorSummary
        faults={faults}
        target={({ field }) =>
          field === 'number' ? 'reassign' : `field-${field}${field === 'organisation' ? '-to' : ''}`
        }
      />
      {moved !== undefined && /^\d+$/.test(moved) && (
        <Notice tone={left.length ? 'warning' : 'good'} live>
          <p>{words.moved(at.number(Number(moved)))}</p>
          {left.length > 0 && <p>{words.notMoved(left.map(shownNumber).join(', '))}</p>}
        </Notice>
      )}
      <BackLink href={shift.href('')}>{words.back}</BackLink>
      <PageHead title={title} lead={words.total(at.number(found.total))} />
      {view !== 'breaches' && (
        <FilterBar action={shift.href(path)} active={active} clearHref={shift.href(path)}>
          <Select
            name="organisation"
            label={words.organisation}
            options={options(organisations)}
            value={filters.organisation ?? ''}
            empty={words.any}
          />
          {!closed && (
            <>
              <Select
                name="branch"
                label={at.text.category}
                options={options(branches)}
                value={filters.branch ?? ''}
                empty={words.any}
              />
              <Select
                name="district"
                label={at.text.district}
                options={options(districts)}
                value={filters.district ?? ''}
                empty={words.any}
              />
            </>
          )}
        </FilterBar>
      )}
      <Lines shift={shift} rows={found.rows} view={view} now={now} />
      <Pagination next={found.next && shift.href(path, { ...filters, after: found.next })} />
      {!closed && found.rows.length > 0 && (
        <Section title={words.reassign}>
          <Form
            id="reassign"
            action={shift.href(`${path}/reassign`, filters)}
            csrf={c.var.visit.csrfToken()}
            idempotencyKey={randomUUID()}
            faults={faults}
          >
            <Select
              name="organisation"
              id="field-organisation-to"
              label={words.organisation}
              options={options(organisations.filter((one) => one.active))}
              value={shown.typed?.organisation ?? ''}
              empty="–"
            />
            <TextInput
              name="reason"
              label={words.reason}
              hint={words.reasonHint}
              value={shown.typed?.reason ?? ''}
            />
            <Actions>
              <Button>{words.send}</Button>
            </Actions>
          </Form>
        </Section>
      )}
    </>,
  );
}

function Lines(props: { shift: Shift; rows: readonly Line[]; view: View; now: Date }) {
  const { shift, now } = props;
  const { at, words } = shift;
  const closed = props.view === 'unverified' || props.view === 'closedToday';
  return (
    <Table
      caption={words.figures[props.view]}
      quietCaption
      rows={props.rows}
      rowKey={(row) => row.number}
      rowTone={(row) => (!closed && row.due && row.due < now ? 'danger' : undefined)}
      empty={
        <Empty title={words.empty}>
          <p>{words.emptyWhy}</p>
        </Empty>
      }
      {...(closed
        ? {}
        : {
            select: {
              name: 'number',
              form: 'reassign',
              label: (row: Line) => words.select(shownNumber(row.number)),
            },
          })}
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
          key: 'category',
          title: at.text.category,
          cell: (row) => (
            <>
              {row.categoryName?.[at.language] ?? row.category}
              <br />
              <span class="muted">{row.address ?? at.text.noPlace}</span>
            </>
          ),
        },
        {
          key: 'organisation',
          title: words.organisation,
          cell: (row) => row.organisationName?.[at.language] ?? at.text.noExecutor,
        },
        {
          key: 'state',
          title: words.state,
          cell: (row) => <StateBadge language={at.language} state={row.state} closing={row.closing} />,
        },
        ...(props.view === 'breaches'
          ? [
              {
                key: 'clock',
                title: words.clock,
                cell: (row: Line) => (row.clock ? at.text.clocks[row.clock] : '–'),
              },
            ]
          : []),
        closed
          ? {
              key: 'closed',
              title: at.text.updated,
              nowrap: true,
              cell: (row: Line) => (row.closedAt ? at.time(row.closedAt) : '–'),
            }
          : {
              key: 'due',
              title: words.due,
              nowrap: true,
              cell: (row: Line) => {
                const due = row.clockDue ?? row.due;
                return due ? (
                  <>
                    <time dateTime={due.toISOString()}>{at.time(due)}</time>
                    <br />
                    <span class="muted">{span(shift, due.getTime() - now.getTime())}</span>
                  </>
                ) : (
                  '–'
                );
              },
            },
        ...(closed
          ? []
          : [
              {
                key: 'terms',
                title: words.terms,
                cell: (row: Line) => (
                  <a href={shift.href(`/requests/${row.number}`)}>
                    {words.terms}
                    <span class="visually-hidden"> {shownNumber(row.number)}</span>
                  </a>
                ),
              },
            ]),
      ]}
    />
  );
}

function viewOf(c: Context<MistoEnv>): View {
  const view = c.req.param('view') ?? '';
  if (!isView(view)) throw new NotFound('list');
  return view;
}

function kept(c: Context<MistoEnv>): { organisation?: string; branch?: string; district?: string } {
  const { organisation, branch, district } = c.req.query();
  return {
    ...(organisation ? { organisation } : {}),
    ...(branch ? { branch } : {}),
    ...(district ? { district } : {}),
  };
}
