import type { Context } from 'hono';
import { NotFound } from '#platform/errors.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import {
  Actions,
  Badge,
  Breadcrumbs,
  Button,
  Empty,
  Form,
  LinkButton,
  Notice,
  PageHead,
  Pagination,
  Section,
  SummaryList,
  Table,
  type Tone,
} from '#ui/index.ts';
import { howTreated } from '../../live/dataset.ts';
import { sayTrouble, type TroubledState } from '../../live/faults.ts';
import { isTroubled, type LiveRun, type LiveStanding, liveRuns, liveStandings } from '../../live/reads.ts';
import { readNow } from '../../live/runs.ts';
import { isOfficer } from '../../permissions.ts';
import { brokenLinks } from '../../version-chain.ts';
import { type Here, here, pageOf } from '../kit.tsx';
import { type LiveText, liveText } from './live-text.ts';

const perPage = 30;

const tones: Readonly<Record<LiveStanding['state'], Tone>> = {
  waiting: 'neutral',
  empty: 'neutral',
  published: 'good',
  unchanged: 'good',
  held: 'warning',
  blocked: 'danger',
  failed: 'danger',
  withdrawn: 'neutral',
};

function mustBeOfficer(c: Context<MistoEnv>): void {
  if (!isOfficer(c.var.visit.actor)) throw new NotFound('live data');
}

function StateBadge({
  own,
  standing,
}: {
  own: LiveText;
  standing: Pick<LiveStanding, 'state' | 'isRunning'>;
}) {
  if (standing.isRunning) return <Badge tone="info">{own.running}</Badge>;
  return <Badge tone={tones[standing.state]}>{own.states[standing.state]}</Badge>;
}

/** `/open-data/desk/live`: what the city's systems publish by themselves, what is wrong first. */
export function liveList(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    mustBeOfficer(c);
    const at = here(c);
    const own = liveText(at.language);
    const standings = await liveStandings(platform);
    return page(
      c,
      { title: own.title, shell: 'desk', width: 'wide' },
      <>
        <PageHead title={own.title} lead={own.lead} />
        <Table
          caption={own.title}
          quietCaption
          columns={[
            {
              key: 'title',
              title: own.dataset,
              header: true,
              cell: ({ live }) => (
                <a href={at.href(`/desk/live/${live.key}`)}>{live.passport.title[at.language]}</a>
              ),
            },
            {
              key: 'state',
              title: own.state,
              cell: (standing) => <StateBadge own={own} standing={standing} />,
            },
            { key: 'last', title: own.last, cell: ({ last }) => (last ? at.time(last.endedAt) : own.never) },
            { key: 'next', title: own.next, cell: ({ nextAt }) => (nextAt ? at.time(nextAt) : own.byHand) },
            {
              key: 'rows',
              title: own.rows,
              numeric: true,
              cell: ({ last }) => (last ? at.number(last.published) : '–'),
            },
            {
              key: 'left',
              title: own.suppressed,
              numeric: true,
              cell: ({ last }) => (last ? at.number(last.suppressed) : '–'),
            },
            {
              key: 'merged',
              title: own.merged,
              numeric: true,
              cell: ({ last }) => (last ? at.number(last.merged) : '–'),
            },
          ]}
          rows={standings}
          rowKey={({ live }) => live.key}
          empty={
            <Empty title={own.none} icon="data">
              <p>{own.noneWhy}</p>
            </Empty>
          }
        />
      </>,
    );
  };
}

/** `/open-data/desk/live/{key}`: one live dataset: how it is treated, each reading, and the officer's ways to go on. */
export function liveOne(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    mustBeOfficer(c);
    const at = here(c);
    const own = liveText(at.language);
    const key = c.req.param('key')!;
    const standing = (await liveStandings(platform)).find(({ live }) => live.key === key);
    if (!standing) throw new NotFound('live data');
    const number = pageOf(c);
    const [runs, broken] = await Promise.all([
      liveRuns(platform.db, key, { limit: perPage, offset: (number - 1) * perPage }),
      standing.resource ? brokenLinks(platform.db, standing.resource) : [],
    ]);
    const { live, last, dataset, resource } = standing;
    const csrf = c.var.visit.csrfToken();
    const action = at.href(`/desk/live/${key}/read`);
    return page(
      c,
      { title: live.passport.title[at.language], shell: 'desk', width: 'wide' },
      <>
        <Breadcrumbs items={[{ title: own.title, href: at.href('/desk/live') }]} />
        <PageHead
          title={live.passport.title[at.language]}
          actions={
            dataset ? (
              <LinkButton look="secondary" href={at.href(`/dataset/${dataset}`)}>
                {own.look}
              </LinkButton>
            ) : undefined
          }
        />
        {c.req.query('asked') !== undefined && (
          <Notice title={own.asked}>
            <p>{own.askedWhy}</p>
          </Notice>
        )}
        {isTroubled(standing.state) && last && (
          <Notice tone={standing.state === 'held' ? 'warning' : 'danger'} title={own.stays}>
            {sayTrouble(at.language, standing.state as TroubledState, last.fault).map((line) => (
              <p key={line}>{line}</p>
            ))}
            {last.load && (
              <p>
                <a href={at.href(`/desk/load/${last.load}`)}>{own.report}</a>
              </p>
            )}
          </Notice>
        )}
        {broken.length > 0 && (
          <Notice tone="danger" title={own.broken}>
            <p>{own.brokenWhy(broken.join(', '))}</p>
          </Notice>
        )}
        <SummaryList
          rows={[
            { name: own.state, value: <StateBadge own={own} standing={standing} /> },
            { name: own.next, value: standing.nextAt ? at.time(standing.nextAt) : own.byHand },
            { name: own.key, value: <code>{live.key}</code> },
            { name: own.treated, value: howTreated(at.language, live.privacy) || own.asIs },
            ...(resource && broken.length === 0 ? [{ name: own.chain, value: own.whole }] : []),
          ]}
        />
        <Actions>
          <Form action={action} csrf={csrf} label={own.readNow}>
            <Button type="submit" look={standing.state === 'held' ? 'secondary' : 'primary'}>
              {own.readNow}
            </Button>
          </Form>
          {standing.state === 'held' && (
            <Form action={action} csrf={csrf} hidden={{ confirmed: 'yes' }} label={own.allow}>
              <Button type="submit">{own.allow}</Button>
            </Form>
          )}
        </Actions>
        <Section title={own.runs}>
          <Runs at={at} own={own} runs={runs.rows} />
          <Pagination
            page={number}
            pages={Math.ceil(runs.total / perPage)}
            href={(target) => at.href(`/desk/live/${key}`, { page: target })}
            summary={runs.total > 0 ? own.total(at.number(runs.total)) : ''}
          />
        </Section>
      </>,
    );
  };
}

function Runs({ at, own, runs }: { at: Here; own: LiveText; runs: readonly LiveRun[] }) {
  return (
    <Table
      caption={own.runs}
      quietCaption
      columns={[
        { key: 'at', title: own.at, header: true, cell: (run) => at.time(run.endedAt) },
        {
          key: 'state',
          title: own.outcome,
          cell: (run) => (
            <>
              <Badge tone={tones[run.state]}>{own.states[run.state]}</Badge>
              {run.fault &&
                isTroubled(run.state) &&
                sayTrouble(at.language, run.state as TroubledState, run.fault)
                  .slice(1, 2)
                  .map((line) => <p key={line}>{line}</p>)}
            </>
          ),
        },
        { key: 'version', title: own.version, numeric: true, cell: (run) => run.version ?? '–' },
        { key: 'read', title: own.readRows, numeric: true, cell: (run) => at.number(run.read) },
        { key: 'rows', title: own.rows, numeric: true, cell: (run) => at.number(run.published) },
        { key: 'left', title: own.suppressed, numeric: true, cell: (run) => at.number(run.suppressed) },
        { key: 'merged', title: own.merged, numeric: true, cell: (run) => at.number(run.merged) },
      ]}
      rows={runs}
      rowKey={(run) => run.id}
      empty={<Empty title={own.noRuns} icon="data" />}
    />
  );
}

/** `POST /open-data/desk/live/{key}/read`: read it now; `confirmed`: what was held back is meant. */
export function liveReadAnswer(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    mustBeOfficer(c);
    const key = c.req.param('key')!;
    const { actor, requestId } = c.var.visit;
    const { confirmed } = await c.req.parseBody();
    await platform.work(actor, (work) => readNow(work, platform, key, { confirmed: confirmed === 'yes' }), {
      requestId,
    });
    return c.redirect(here(c).href(`/desk/live/${key}`, { asked: 'yes' }), 303);
  };
}
