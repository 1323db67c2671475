import {
  Actions,
  BarChart,
  Button,
  Failure,
  Grid,
  LinkButton,
  Notice,
  PageHead,
  Section,
  StatFigure,
  Table,
} from '#ui/index.ts';
import type { City } from '../../../city.ts';
import { type DryRunState, dryRunState } from '../../../dry-run-job.ts';
import { type DryRunReport, markRead } from '../../../rule-drafts.ts';
import { shownNumber } from '../../text.ts';
import { ActForm, type Desk, Done, namesFor, organisationName, rulesPage } from './kit.tsx';

/** `/desk/rules/dry-runs/{id}`: how far it is, then what it found. */
export async function dryRunPage(desk: Desk): Promise<Response> {
  const { words, at } = desk;
  const run = await dryRunState(desk.platform.db, desk.c.req.param('id') ?? '');
  const city = await namesFor(desk, []);
  const under = run.status === 'waiting' || run.status === 'running';
  const trail = [{ title: words.versionTitle(run.version), href: desk.href(`/${run.version}`) }];
  return rulesPage(
    desk,
    {
      title: words.runTitle(run.version),
      trail,
      ...(under ? { head: <meta http-equiv="refresh" content="3" /> } : {}),
    },
    <>
      <Done desk={desk} />
      <PageHead
        title={words.runTitle(run.version)}
        kicker={words.runStates[run.status]}
        lead={words.period(at.date(run.from), at.date(run.to))}
      />
      {under && <Progress desk={desk} run={run} />}
      {run.status === 'failed' && (
        <Failure
          title={words.failed}
          action={
            <ActForm desk={desk} action={desk.href(`/${run.version}/dry-run`)}>
              <Button>{words.runAgain}</Button>
            </ActForm>
          }
        >
          <p>{words.failedWhy}</p>
        </Failure>
      )}
      {run.report && (
        <>
          {!run.fits && (
            <Notice tone="warning">
              <p>{words.outdated}</p>
            </Notice>
          )}
          <Report desk={desk} report={run.report} city={city} />
          {run.fits &&
            (run.readAt ? (
              <Notice tone="good">
                <p>{words.readAt(at.time(run.readAt))}</p>
              </Notice>
            ) : (
              <ActForm desk={desk} action={desk.href(`/dry-runs/${run.id}/read`)}>
                <p class="muted">{words.markReadWhy}</p>
                <Actions>
                  <Button>{words.markRead}</Button>
                </Actions>
              </ActForm>
            ))}
        </>
      )}
      <Actions>
        <LinkButton href={desk.href(`/${run.version}`)} look="secondary">
          {words.backToSet}
        </LinkButton>
      </Actions>
    </>,
  );
}

/** Notes that the report was read and leads back to the rules. */
export async function readAct(desk: Desk): Promise<Response> {
  const id = desk.c.req.param('id') ?? '';
  const { version } = await dryRunState(desk.platform.db, id);
  await desk.run((work) => markRead(work, id));
  return desk.c.redirect(desk.href(`/${version}`, { done: 'read' }), 303);
}

function Progress(props: { desk: Desk; run: DryRunState }) {
  const { words, at, href } = props.desk;
  const { run } = props;
  return (
    <Notice title={words.runStates[run.status]!}>
      <p>
        <progress max={Math.max(1, run.total)} value={run.done} aria-label={words.runTitle(run.version)} />{' '}
        {words.progress(at.number(run.done), at.number(run.total))}
      </p>
      <p class="muted">{words.progressNote}</p>
      <a href={href(`/dry-runs/${run.id}`)}>{words.refresh}</a>
    </Notice>
  );
}

/** How many of the bars a chart can show before the table is the better reading. */
const charted = 15;

function Report(props: { desk: Desk; report: DryRunReport; city: City }) {
  const { desk, report, city } = props;
  const { words, at } = desk;
  const name = (id: string | null) => organisationName(desk, city, id);
  const movedCount = report.moved.reduce((sum, { count }) => sum + count, 0);
  const unroutable = report.unroutable.reduce((sum, { count }) => sum + count, 0);
  const categoryName = (code: string) => city.leaves.get(code)?.leaf.name[at.language] ?? code;
  const max = Math.max(1, ...report.load.flatMap(({ before, after }) => [before, after]));
  const most = report.load.slice(0, charted);
  return (
    <>
      <Grid min="narrow">
        <StatFigure label={words.requests} value={at.number(report.requests)} />
        <StatFigure
          label={words.wouldMove}
          value={at.number(movedCount)}
          href="#moved"
          tone={movedCount ? 'warning' : 'neutral'}
        />
        <StatFigure
          label={words.unroutable}
          value={at.number(unroutable)}
          href="#unroutable"
          tone={unroutable ? 'danger' : 'neutral'}
        />
        <StatFigure
          label={words.idle}
          value={at.number(report.neverHit.length + report.shadowed.length)}
          href="#idle"
        />
      </Grid>
      <Section title={words.movedTitle} id="moved">
        <Table
          caption={words.movedTitle}
          quietCaption
          rows={report.moved}
          rowKey={(row) => `${row.from} ${row.to}`}
          empty={<p>{words.nobodyMoves}</p>}
          columns={[
            { key: 'from', title: words.from, header: true, cell: (row) => name(row.from) },
            { key: 'to', title: words.to, cell: (row) => name(row.to) },
            { key: 'count', title: words.count, numeric: true, cell: (row) => at.number(row.count) },
          ]}
        />
        {report.movedList.length > 0 && (
          <details class="details">
            <summary>{words.listTitle}</summary>
            <div>
              <p class="muted">
                {words.listLimit(at.number(report.movedList.length), at.number(movedCount))}
              </p>
              <Table
                caption={words.listTitle}
                quietCaption
                rows={report.movedList}
                rowKey={(row) => row.number}
                columns={[
                  {
                    key: 'number',
                    title: words.number,
                    header: true,
                    nowrap: true,
                    cell: (row) => <span class="mono">{shownNumber(row.number)}</span>,
                  },
                  { key: 'from', title: words.from, cell: (row) => name(row.from) },
                  { key: 'to', title: words.to, cell: (row) => name(row.to) },
                  { key: 'rule', title: words.rule, cell: (row) => row.rule ?? '–' },
                ]}
              />
            </div>
          </details>
        )}
      </Section>
      {report.unroutable.length > 0 && (
        <Section title={words.unroutable} id="unroutable">
          <p class="muted">{words.unroutableLead}</p>
          <Table
            caption={words.unroutable}
            quietCaption
            rows={report.unroutable}
            rowKey={(row) => row.category}
            columns={[
              {
                key: 'category',
                title: words.category,
                header: true,
                cell: (row) => categoryName(row.category),
              },
              { key: 'count', title: words.count, numeric: true, cell: (row) => at.number(row.count) },
            ]}
          />
        </Section>
      )}
      <Section title={words.loadTitle}>
        <Grid min="wide">
          <BarChart
            title={words.before}
            note={words.loadNote}
            labelTitle={words.organisation}
            max={max}
            data={most.map((row) => ({ label: name(row.organisation), value: row.before }))}
          />
          <BarChart
            title={words.after}
            note={words.loadNote}
            labelTitle={words.organisation}
            max={max}
            data={most.map((row) => ({
              label: name(row.organisation),
              value: row.after,
              tone: row.after > row.before ? ('warning' as const) : ('info' as const),
            }))}
          />
        </Grid>
        <Table
          caption={words.loadTitle}
          quietCaption
          rows={report.load}
          rowKey={(row) => row.organisation}
          columns={[
            {
              key: 'organisation',
              title: words.organisation,
              header: true,
              cell: (row) => name(row.organisation),
            },
            { key: 'before', title: words.before, numeric: true, cell: (row) => at.number(row.before) },
            { key: 'after', title: words.after, numeric: true, cell: (row) => at.number(row.after) },
            {
              key: 'change',
              title: words.change,
              numeric: true,
              cell: (row) => at.number(row.after - row.before, { signDisplay: 'exceptZero' }),
            },
          ]}
        />
      </Section>
      <Section title={words.idle} id="idle">
        {report.neverHit.length + report.shadowed.length === 0 && <p>{words.idleNone}</p>}
        {report.neverHit.length > 0 && (
          <>
            <h3>{words.neverHit}</h3>
            <p class="muted">{words.neverHitLead}</p>
            <ul>
              {report.neverHit.map((id) => (
                <li key={id} class="mono">
                  {id}
                </li>
              ))}
            </ul>
          </>
        )}
        {report.shadowed.length > 0 && (
          <>
            <h3>{words.shadowed}</h3>
            <p class="muted">{words.shadowedLead}</p>
            <ul>
              {report.shadowed.map(({ rule, by }) => (
                <li key={rule}>
                  <span class="mono">{rule}</span> – {words.shadowedBy(by.join(', '))}
                </li>
              ))}
            </ul>
          </>
        )}
      </Section>
    </>
  );
}
