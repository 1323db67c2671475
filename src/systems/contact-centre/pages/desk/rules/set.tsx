import { Conflict } from '#platform/errors.ts';
import { Actions, Badge, Button, LinkButton, Notice, PageHead, Section, Table, Timeline } from '#ui/index.ts';
import { askDryRun, type DryRunState, dryRunsOf } from '../../../dry-run-job.ts';
import { publish } from '../../../rule-drafts.ts';
import { dropRule, moveRule } from '../../../rule-edits.ts';
import {
  ActForm,
  type Desk,
  Done,
  namesFor,
  readShown,
  rulesPage,
  type ShownSet,
  sent,
  versionIn,
} from './kit.tsx';
import { SetFacts, StatusBadge } from './list.tsx';
import { RuleRounds } from './rounds.tsx';

/** `/desk/rules/{version}`: a rule set; a draft is edited here and led to publication. */
export async function setPage(desk: Desk, problem?: string): Promise<Response> {
  const { words } = desk;
  const set = await readShown(desk, versionIn(desk.c));
  const [names, runs] = await Promise.all([
    namesFor(desk, set.rules),
    dryRunsOf(desk.platform.db, set.version),
  ]);
  const isDraft = set.status === 'draft';
  return rulesPage(
    desk,
    { title: words.versionTitle(set.version), trail: [], ...(problem ? { status: 409 } : {}) },
    <>
      {problem && (
        <Notice tone="danger" live>
          <p>{problem}</p>
        </Notice>
      )}
      {!problem && <Done desk={desk} />}
      <PageHead
        title={words.versionTitle(set.version)}
        kicker={<StatusBadge desk={desk} status={set.status} />}
        actions={
          <>
            {isDraft && (
              <LinkButton href={desk.href(`/${set.version}/rule`)} icon="plus">
                {words.add}
              </LinkButton>
            )}
            <LinkButton href={desk.href('/try', { version: set.version })} look="secondary">
              {words.tryTitle}
            </LinkButton>
          </>
        }
      />
      <SetFacts desk={desk} set={set} />
      {isDraft && (
        <Way desk={desk} set={set} runs={runs} mayAuthor={names.settings.authorMayPublish === true} />
      )}
      <Section title={words.rounds.first}>
        <RuleRounds
          desk={desk}
          rules={set.rules}
          names={names}
          {...(isDraft ? { draft: { version: set.version, hash: set.hash } } : {})}
        />
      </Section>
      {runs.length > 0 && (
        <Section title={words.runs}>
          <Runs desk={desk} runs={runs} />
        </Section>
      )}
    </>,
  );
}

/** Dry run, reading, publication: what is done and what comes next. */
function Way(props: {
  desk: Desk;
  set: ShownSet;
  runs: readonly Omit<DryRunState, 'report'>[];
  mayAuthor: boolean;
}) {
  const { desk, set, runs } = props;
  const { words } = desk;
  const fit = runs.filter((run) => run.fits);
  const done = fit.find((run) => run.status === 'done');
  const read = fit.find((run) => run.readAt);
  const under = fit.find((run) => run.status === 'waiting' || run.status === 'running');
  const { actor } = desk.c.var.visit;
  const own = [set.author, ...set.editors].includes(actor.id ?? actor.name) && !props.mayAuthor;
  return (
    <Section title={words.steps}>
      <Timeline
        items={[
          {
            title: words.step1,
            tone: done ? 'good' : 'info',
            body: (
              <>
                <p class="muted">{words.step1Why}</p>
                {under ? (
                  <LinkButton href={desk.href(`/dry-runs/${under.id}`)} look="secondary" size="small">
                    {words.runStates[under.status]}
                  </LinkButton>
                ) : (
                  <ActForm desk={desk} action={desk.href(`/${set.version}/dry-run`)}>
                    <Actions>
                      <Button size="small" look={done ? 'secondary' : 'primary'}>
                        {done ? words.runAgain : words.run}
                      </Button>
                    </Actions>
                  </ActForm>
                )}
              </>
            ),
          },
          {
            title: words.step2,
            tone: read ? 'good' : done ? 'info' : 'neutral',
            body: (
              <>
                <p class="muted">
                  {read ? words.readAt(desk.at.time(read.readAt!)) : done ? words.needRead : words.needRun}
                </p>
                {done && (
                  <LinkButton
                    href={desk.href(`/dry-runs/${(read ?? done).id}`)}
                    look={read ? 'secondary' : 'primary'}
                    size="small"
                  >
                    {words.openReport}
                  </LinkButton>
                )}
              </>
            ),
          },
          {
            title: words.step3,
            tone: read && !own ? 'info' : 'neutral',
            body:
              read && !own && desk.may('rule_publish') ? (
                <>
                  <p class="muted">{words.mayPublish}</p>
                  <ActForm desk={desk} action={desk.href(`/${set.version}/publish`)}>
                    <Actions>
                      <Button size="small">{words.publish}</Button>
                    </Actions>
                  </ActForm>
                </>
              ) : (
                <p class="muted">
                  {!desk.may('rule_publish') ? words.mayNotPublish : own ? words.samePerson : words.firstTwo}
                </p>
              ),
          },
        ]}
      />
    </Section>
  );
}

function Runs(props: { desk: Desk; runs: readonly Omit<DryRunState, 'report'>[] }) {
  const { words, at, href } = props.desk;
  const tones = { waiting: 'neutral', running: 'info', done: 'good', failed: 'danger' } as const;
  return (
    <Table
      caption={words.runs}
      quietCaption
      rows={props.runs}
      rowKey={(run) => run.id}
      columns={[
        {
          key: 'made',
          title: words.made,
          header: true,
          nowrap: true,
          cell: (run) => <a href={href(`/dry-runs/${run.id}`)}>{at.time(run.madeAt)}</a>,
        },
        {
          key: 'status',
          title: words.status,
          cell: (run) => <Badge tone={tones[run.status]}>{words.runStates[run.status]}</Badge>,
        },
        { key: 'total', title: words.requests, numeric: true, cell: (run) => at.number(run.total) },
        {
          key: 'note',
          title: words.note,
          cell: (run) => (run.fits ? (run.readAt ? words.readAt(at.time(run.readAt)) : '–') : words.outdated),
        },
      ]}
    />
  );
}

/** Moves a rule of the draft one place. */
export async function moveAct(desk: Desk): Promise<Response> {
  const { values } = await sent(desk.c);
  const version = versionIn(desk.c);
  return orStale(desk, async () => {
    const by = values.by === 'up' ? -1 : 1;
    await desk.run((work) => moveRule(work, { version, hash: values.seen ?? '' }, values.rule ?? '', by));
    return desk.c.redirect(desk.href(`/${version}`, { done: 'moved' }), 303);
  });
}

/** Takes a rule out of the draft. */
export async function dropAct(desk: Desk): Promise<Response> {
  const { values } = await sent(desk.c);
  const version = versionIn(desk.c);
  return orStale(desk, async () => {
    await desk.run((work) => dropRule(work, { version, hash: values.seen ?? '' }, values.rule ?? ''));
    return desk.c.redirect(desk.href(`/${version}`, { done: 'dropped' }), 303);
  });
}

/** Asks for a dry run and shows how far it is. */
export async function dryRunAct(desk: Desk): Promise<Response> {
  const id = await desk.run((work) => askDryRun(work, versionIn(desk.c)));
  return desk.c.redirect(desk.href(`/dry-runs/${id}`), 303);
}

/** Puts the draft into force. */
export async function publishAct(desk: Desk): Promise<Response> {
  const version = versionIn(desk.c);
  return orStale(desk, async () => {
    await desk.run((work) => publish(work, version));
    return desk.c.redirect(desk.href(`/${version}`, { done: 'published' }), 303);
  });
}

async function orStale(desk: Desk, act: () => Promise<Response>): Promise<Response> {
  const { words } = desk;
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    const told: Readonly<Record<string, string>> = {
      stale: words.stale,
      'not-draft': words.notDraft,
      'dry-run': words.needRun,
      'same-person': words.samePerson,
    };
    if (!told[error.code]) throw error;
    return setPage(desk, told[error.code]);
  }
}
