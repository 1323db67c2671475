import { randomUUID } from 'node:crypto';
import type { FieldFault } from '#platform/errors.ts';
import { formatNumber } from '#platform/i18n/index.ts';
import {
  Actions,
  Badge,
  Button,
  Form,
  fieldId,
  LinkButton,
  Notice,
  Section,
  SummaryList,
  Table,
  TextInput,
  Timeline,
} from '#ui/index.ts';
import type { CrewLink } from '../../../crew-links.ts';
import { subjectOf } from '../../../letters.ts';
import type { HistoryMove } from '../../../states.ts';
import { StateBadge } from '../../kit.tsx';
import type { ClockRow } from '../../reads.ts';
import { shownNumber } from '../../text.ts';
import { type DeskHere, Due } from '../kit.tsx';
import type { Opened } from './page.tsx';
import { type Step, unitName } from './reads.ts';
import { requestText } from './text.ts';

interface Props {
  readonly at: DeskHere;
  readonly opened: Opened;
}

/** What and where, without anybody's name. */
export function Facts({ at, opened }: Props) {
  const { file, city } = opened;
  const own = requestText(at.language);
  const organisation = file.organisation
    ? (city.known.organisations.get(file.organisation)?.name[at.language] ?? file.organisation)
    : at.text.noExecutor;
  const unit = unitName(city.known.units, file.unit, at.language);
  const district = city.districts.find((one) => one.code === file.district)?.name[at.language];
  const questions = new Map((file.leaf.questions ?? []).map((one) => [one.code, one]));
  const answers = file.answers.map(({ code, values }) => {
    const question = questions.get(code);
    const names = values.map(
      (value) => question?.values?.find((one) => one.key === value)?.name[at.language] ?? value,
    );
    return { name: question?.description[at.language] ?? code, value: names.join(', ') };
  });
  return (
    <Section title={own.facts}>
      <SummaryList
        rows={[
          {
            name: at.text.place,
            value: [file.address, district].filter(Boolean).join(', ') || at.text.noPlace,
          },
          ...(file.lat !== null && file.lon !== null
            ? [{ name: own.point, value: <span class="mono">{`${file.lat}, ${file.lon}`}</span> }]
            : []),
          ...(file.thing ? [{ name: own.thing, value: file.thing[at.language] }] : []),
          { name: own.class, value: at.text.classes[file.class] },
          { name: own.executor, value: unit ? `${organisation}, ${unit}` : organisation },
          ...(file.crew
            ? [{ name: own.crew, value: unitName(city.known.units, file.crew, at.language) ?? file.crew }]
            : []),
          { name: at.text.created, value: at.time(file.createdAt) },
          ...(file.planned ? [{ name: own.planned, value: at.time(file.planned) }] : []),
          ...(file.windowUntil ? [{ name: own.window, value: at.time(file.windowUntil) }] : []),
          { name: at.text.people, value: at.number(file.reporters) },
          ...(file.reworks ? [{ name: own.reworks, value: at.number(file.reworks) }] : []),
          ...(file.returns ? [{ name: own.returns, value: at.number(file.returns) }] : []),
          ...(file.regime === 'statutory' ? [{ name: own.regime, value: own.regimes.statutory }] : []),
          ...(file.private ? [{ name: own.private, value: own.yes }] : []),
          { name: own.source, value: own.sources[file.source] ?? own.otherSource },
          ...answers,
        ]}
      />
      {file.merged.length > 0 && (
        <p>
          {own.masterOf}{' '}
          {file.merged.map((number, index) => (
            <>
              {index > 0 && ', '}
              <a href={at.href(`/desk/requests/${number}`)}>{shownNumber(number)}</a>
            </>
          ))}
        </p>
      )}
      {file.follows && (
        <p>
          {own.follows} <a href={at.href(`/desk/requests/${file.follows}`)}>{shownNumber(file.follows)}</a>
        </p>
      )}
      {file.followedBy.map((number) => (
        <p key={number}>
          {own.followedBy} <a href={at.href(`/desk/requests/${number}`)}>{shownNumber(number)}</a>
        </p>
      ))}
      {file.publication === 'published' && (
        <p>
          <a href={at.href(`/requests/${file.number}`)}>{own.publicPage}</a>
        </p>
      )}
    </Section>
  );
}

/** Who reported: shown only when asked for, since each look is written down. */
export function Contacts({ at, opened, href }: Props & { href: string }) {
  const { sight, contacts } = opened;
  const own = requestText(at.language);
  return (
    <Section title={own.contacts} id="contacts">
      {!sight.contacts ? (
        <p class="muted">{own.noContacts}</p>
      ) : contacts === null ? (
        <>
          <Actions>
            <LinkButton href={`${href}#contacts`} look="secondary" icon="person" rel="nofollow">
              {own.showContacts}
            </LinkButton>
          </Actions>
          <p class="muted">{own.contactsWhy}</p>
        </>
      ) : (
        <>
          <p class="muted">{own.contactsSeen}</p>
          <SummaryList
            rows={[
              ...(contacts.flat ? [{ name: own.flat, value: contacts.flat }] : []),
              ...contacts.people.map((one) => ({
                name: one.name ?? own.noName,
                value: (
                  <>
                    {one.phone ? <a href={`tel:${one.phone}`}>{one.phone}</a> : own.noPhone}
                    {one.email && (
                      <>
                        , <a href={`mailto:${one.email}`}>{one.email}</a>
                      </>
                    )}
                    <span class="muted">
                      {' · '}
                      {[
                        one.lead ? own.lead : '',
                        one.withdrawnAt ? own.left : '',
                        `${own.joined} ${at.time(one.joinedAt)}`,
                        one.verdict ? own.verdicts[one.verdict] : '',
                      ]
                        .filter(Boolean)
                        .join(' · ')}
                    </span>
                  </>
                ),
              })),
            ]}
          />
        </>
      )}
    </Section>
  );
}

/** Photos that a program kept elsewhere: their addresses as text, for nobody has looked at what lies there. */
export function MediaUrls({ at, opened }: Props) {
  const own = requestText(at.language);
  const { mediaUrls } = opened;
  if (mediaUrls.length === 0) return null;
  return (
    <Section title={own.mediaUrls} lead={own.mediaUrlsLead}>
      <ul>
        {mediaUrls.map((url) => (
          <li key={url} class="mono break">
            {url}
          </li>
        ))}
      </ul>
    </Section>
  );
}

const wrongStates: ReadonlySet<string> = new Set(['failed', 'uncertain', 'expired']);

/** What was written to whom and how it fared; the reporters are numbered in the order in which they were first written to. */
export function Deliveries({ at, opened }: Props) {
  const own = requestText(at.language);
  const { deliveries, file } = opened;
  const reporters = [...new Set(deliveries.toReversed().map(({ reporter }) => reporter))];
  return (
    <Section title={own.deliveries} lead={own.deliveriesLead} id="deliveries">
      <Table
        caption={own.deliveries}
        quietCaption
        rows={deliveries}
        empty={<p class="muted">{own.noDeliveries}</p>}
        columns={[
          {
            key: 'about',
            title: own.letter,
            header: true,
            cell: (row) => subjectOf(row.move, at.language),
          },
          { key: 'at', title: own.letterAt, nowrap: true, cell: (row) => at.time(row.at) },
          {
            key: 'to',
            title: own.letterTo,
            cell: (row) =>
              [
                own.reporterNo(reporters.indexOf(row.reporter) + 1),
                row.request === file.number ? '' : shownNumber(row.request),
              ]
                .filter(Boolean)
                .join(', '),
          },
          {
            key: 'outcome',
            title: own.letterFate,
            cell: (row) =>
              row.channels.length === 0
                ? own.letterOutcomes[row.outcome]
                : row.channels.map((one) => (
                    <p key={one.channel}>
                      {own.letterChannels[one.channel]}:{' '}
                      {wrongStates.has(one.state) ? (
                        <Badge tone="warning" icon="alert">
                          {own.letterStates[one.state]}
                        </Badge>
                      ) : (
                        own.letterStates[one.state]
                      )}
                      {one.at && <span class="muted"> {at.time(one.at)}</span>}
                    </p>
                  )),
          },
        ]}
      />
    </Section>
  );
}

/** Clocks with the time left, and the way to how each was counted. */
export function Terms(props: { at: DeskHere; clocks: readonly ClockRow[]; now: Date; href: string }) {
  const { at, clocks, now } = props;
  const own = requestText(at.language);
  return (
    <Section title={own.terms} more={{ title: own.howComputed, href: props.href }}>
      {clocks.length === 0 ? (
        <p class="muted">{own.noTerms}</p>
      ) : (
        <SummaryList
          rows={clocks.map((clock) => ({
            name: at.text.clocks[clock.kind],
            value: clock.stoppedAt ? (
              <>
                {clock.stoppedAt <= clock.due ? own.met : <Badge tone="danger">{own.metLate}</Badge>}{' '}
                <span class="muted">{at.time(clock.due)}</span>
              </>
            ) : clock.pausedAt ? (
              <>
                {own.paused} <span class="muted">{at.time(clock.pausedAt)}</span>
              </>
            ) : (
              <Due at={at} due={clock.due} now={now} />
            ),
          }))}
        />
      )}
    </Section>
  );
}

export function Assignments({ at, opened }: Props) {
  const own = requestText(at.language);
  const { city, assignments } = opened;
  if (assignments.length === 0) return null;
  return (
    <Section title={own.assignments}>
      <Timeline
        items={assignments.toReversed().map((one) => ({
          title: `${city.known.organisations.get(one.organisation)?.name[at.language] ?? one.organisation}${
            one.unit ? `, ${unitName(city.known.units, one.unit, at.language)}` : ''
          } (${own[one.role]})`,
          when: at.time(one.openedAt),
          dateTime: one.openedAt.toISOString(),
          tone: one.closedAt ? 'neutral' : 'info',
          body: (
            <p>
              {[
                one.acceptedAt ? `${own.accepted} ${at.time(one.acceptedAt)}` : '',
                one.closedAt
                  ? `${own.outcomes[one.outcome ?? ''] ?? one.outcome ?? ''} ${at.time(one.closedAt)}`
                  : own.open,
              ]
                .filter(Boolean)
                .join(' · ')}
            </p>
          ),
        }))}
      />
    </Section>
  );
}

/** What was said to be done, with what people said of it. */
export function Attempts({ at, opened }: Props) {
  const own = requestText(at.language);
  if (opened.attempts.length === 0) return null;
  return (
    <Section title={own.attempts}>
      <Timeline
        items={opened.attempts.map((one) => ({
          title: `${own.attempt(one.no)}: ${at.words.results[one.result]}`,
          when: at.time(one.at),
          dateTime: one.at.toISOString(),
          who: one.by,
          tone:
            one.outcome === 'confirmed'
              ? 'good'
              : one.outcome === 'vetoed' || one.outcome === 'rejected'
                ? 'danger'
                : 'warning',
          body: (
            <>
              <p>{one.answer}</p>
              {one.evidence > 0 && <p class="muted">{own.evidence(one.evidence)}</p>}
              {one.faults.map((fault) => (
                <Badge key={fault} tone="warning" icon="alert">
                  {own.evidenceFaults[fault] ?? fault}
                </Badge>
              ))}
              {one.verdicts.map((verdict) => (
                <p key={verdict.at.toISOString()}>
                  {[
                    `${own.methods[verdict.method] ?? verdict.method}: ${own.verdicts[verdict.verdict] ?? verdict.verdict}`,
                    verdict.grade ? `${at.words.fields.grade}: ${verdict.grade}` : '',
                    verdict.comment ?? '',
                    at.time(verdict.at),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </p>
              ))}
              {one.outcome && <p class="muted">{own.outcomes[one.outcome] ?? one.outcome}</p>}
            </>
          ),
        }))}
      />
    </Section>
  );
}

/** Requests of the same kind close by; who may link ticks those that mean the same. */
export function Neighbours(
  props: Props & { csrf: string; action: string; mayLink: boolean; faults: readonly FieldFault[] },
) {
  const { at, opened } = props;
  const own = requestText(at.language);
  const { rows, more } = opened.neighbours;
  const name = (code: string) => opened.city.leaves.get(code)?.leaf.name[at.language] ?? code;
  return (
    <Section title={own.neighbours} lead={own.neighboursLead} id="neighbours">
      {rows.length === 0 ? (
        <p class="muted">{own.noNeighbours}</p>
      ) : (
        <>
          <Table
            caption={own.neighbours}
            quietCaption
            rows={rows}
            rowKey={(row) => row.number}
            {...(props.mayLink
              ? {
                  select: {
                    name: 'number',
                    form: fieldId('number'),
                    label: (row: { number: string }) => own.select(shownNumber(row.number)),
                  },
                }
              : {})}
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
              { key: 'category', title: at.text.category, cell: (row) => name(row.category) },
              { key: 'place', title: at.text.place, cell: (row) => row.address ?? '' },
              {
                key: 'distance',
                title: own.metres('').trim(),
                numeric: true,
                cell: (row) => formatNumber(at.language, Math.round(row.distance)),
              },
              {
                key: 'state',
                title: at.text.state,
                cell: (row) => <StateBadge language={at.language} state={row.state} closing={row.closing} />,
              },
              {
                key: 'people',
                title: at.text.people,
                numeric: true,
                cell: (row) => at.number(row.reporters),
              },
              { key: 'created', title: at.text.created, nowrap: true, cell: (row) => at.date(row.createdAt) },
            ]}
          />
          {more && <p class="muted">{own.neighboursMore}</p>}
          {props.mayLink && (
            <Form
              id={fieldId('number')}
              action={props.action}
              csrf={props.csrf}
              idempotencyKey={randomUUID()}
              faults={props.faults}
            >
              <Actions>
                <Button look="secondary">{own.linkHere}</Button>
              </Actions>
            </Form>
          )}
        </>
      )}
    </Section>
  );
}

/** Links for those without an account: who has one, a new one, an end to each. */
export function CrewLinks(props: {
  at: DeskHere;
  links: readonly CrewLink[];
  csrf: string;
  action: string;
  /** Whole address of a link just made. */
  token: string | null;
  typed: Readonly<Record<string, string>>;
  faults: readonly FieldFault[];
}) {
  const { at, links } = props;
  const own = requestText(at.language);
  return (
    <Section title={own.links} lead={own.linksLead} id="crew-links">
      {props.token && (
        <Notice tone="good" title={own.linkMade} live>
          <p>
            <a class="break" href={props.token}>
              {props.token}
            </a>
          </p>
        </Notice>
      )}
      {links.map((link) => (
        <Form
          key={link.id}
          action={props.action}
          csrf={props.csrf}
          idempotencyKey={randomUUID()}
          hidden={{ revoke: link.id }}
          label={own.revoke}
        >
          <p>
            {own.linkUntil(link.crew, at.time(link.until))}{' '}
            <Button look="quiet" size="small">
              {own.revoke}
              <span class="visually-hidden">: {link.crew}</span>
            </Button>
          </p>
        </Form>
      ))}
      <Form action={props.action} csrf={props.csrf} idempotencyKey={randomUUID()} faults={props.faults}>
        <TextInput
          name="link-crew"
          label={own.linkFor}
          hint={own.linkForHint}
          value={props.typed['link-crew'] ?? ''}
        />
        <Actions>
          <Button look="secondary">{own.makeLink}</Button>
        </Actions>
      </Form>
    </Section>
  );
}

/** Steps in words; what staff wrote among themselves only for those who may write such notes. */
export function StepList({ at, opened, steps }: Props & { steps: readonly Step[] }) {
  const own = requestText(at.language);
  return (
    <Timeline
      items={steps.map((step) => {
        const inner = opened.sight.notes ? innerWords(at, opened, step) : [];
        return {
          title: at.text.moves[step.move as HistoryMove] ?? step.move,
          when: at.time(step.at),
          dateTime: step.at.toISOString(),
          ...(step.who ? { who: step.who } : {}),
          tone: step.move === 'breach' || step.move === 'veto' ? ('danger' as const) : ('neutral' as const),
          body: (
            <>
              {step.note && <p>{step.note}</p>}
              {inner.length > 0 && (
                <p>
                  <Badge icon="lock">{own.internal}</Badge> {inner.join(' · ')}
                </p>
              )}
              {step.messages > 0 && <p class="muted">{own.messages(step.messages)}</p>}
            </>
          ),
        };
      })}
    />
  );
}

const clocksTold = new Set(['warn', 'breach', 'extend']);
const told = ['reason', 'comment', 'text', 'reply', 'destination'] as const;

/** The facts and masked words of a step that its public note does not tell already. */
function innerWords(at: DeskHere, opened: Opened, step: Step): string[] {
  const { city } = opened;
  const own = requestText(at.language);
  const words = told
    .map((name) => step.data[name])
    .filter((value): value is string => typeof value === 'string' && value !== '' && value !== step.note);
  const facts = [
    typeof step.data.organisation === 'string'
      ? (city.known.organisations.get(step.data.organisation)?.name[at.language] ?? step.data.organisation)
      : '',
    typeof step.data.crew === 'string' ? unitName(city.known.units, step.data.crew, at.language) : '',
    typeof step.data.date === 'string' ? at.time(new Date(step.data.date)) : '',
    clocksTold.has(step.move) && typeof step.data.clock === 'string'
      ? (at.text.clocks[step.data.clock as ClockRow['kind']] ?? '')
      : '',
    step.data.left === true ? own.left : '',
    typeof step.data.master === 'string' ? shownNumber(step.data.master) : '',
  ];
  return [...facts.filter((fact): fact is string => Boolean(fact)), ...words];
}
