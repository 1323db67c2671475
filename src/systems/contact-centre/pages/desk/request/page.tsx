import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { can } from '#platform/access/index.ts';
import type { FieldFault } from '#platform/errors.ts';
import { page } from '#platform/http/page.tsx';
import { localPath } from '#platform/i18n/index.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import type { Actor, Work } from '#platform/work.ts';
import {
  Actions,
  BackLink,
  Badge,
  Button,
  Details,
  ErrorSummary,
  Form,
  Island,
  Notice,
  PageHead,
  Radios,
  Section,
  Select,
  SummaryList,
  TextArea,
  TextInput,
} from '#ui/index.ts';
import { appealKinds } from '../../../appeals.ts';
import { type City, readCity } from '../../../city.ts';
import { type CrewLink, crewLinks } from '../../../crew-links.ts';
import { type LegalHold, legalHoldOf } from '../../../legal-holds.ts';
import { anotherUnitAfter } from '../../../moving/assigning.ts';
import { offersFor, type Sight, sightOf } from '../../../offers.ts';
import { type PauseGround, pausable, pauseGrounds } from '../../../pausing.ts';
import { permission } from '../../../permissions.ts';
import { flatOf, originalTextOf, purposes, type ReporterSeen, reportersOf } from '../../../personal.ts';
import type { Move } from '../../../states.ts';
import { type Delivery, deliveriesOf } from '../../../telling.ts';
import { readTemplates } from '../../../templates.ts';
import { whyOf } from '../../../why.ts';
import { appealText } from '../../appeal-text.ts';
import { StateBadge } from '../../kit.tsx';
import { newerThan, pageNews, requestTopic } from '../../news.ts';
import { RequestPhotos, type ShownPhoto } from '../../photos.tsx';
import { type ClockRow, clocksOf } from '../../reads.ts';
import { shownNumber, stateName, typedNumber } from '../../text.ts';
import { type DeskHere, Done, Due, deskHere, refusalWords } from '../kit.tsx';
import { asksNothing, MoveForm, type MoveFormsProps } from '../moves.tsx';
import { ExportForm } from './export.tsx';
import { HoldSection } from './hold.tsx';
import { holdText } from './hold-text.ts';
import {
  type Assignment,
  type Attempt,
  assignmentsOf,
  attemptsOf,
  type CaseFile,
  caseFile,
  casePhotos,
  mediaUrlsOf,
  type Neighbour,
  neighboursOf,
  type Step,
  stepsOf,
} from './reads.ts';
import {
  Assignments,
  Attempts,
  Contacts,
  CrewLinks,
  Deliveries,
  Facts,
  MediaUrls,
  Neighbours,
  StepList,
  Terms,
} from './sections.tsx';
import { requestText as requestWords } from './text.ts';

/** What an act left for the page to tell. */
export interface Shown {
  readonly status?: 403 | 409;
  readonly faults?: readonly FieldFault[];
  readonly typed?: Readonly<Record<string, string>>;
  /** The move whose form was sent. */
  readonly move?: Move | 'note' | 'crew-link' | 'duplicates' | 'pause' | 'statutory' | 'hold' | 'export';
  /** Why nothing was done: a stable code. */
  readonly refused?: string;
  /** The version that the person saw, when it is not the one that holds. */
  readonly seen?: number;
  /** Photos that were left out, in words. */
  readonly leftOut?: readonly string[];
  /** The token of a link just made. */
  readonly token?: string;
}

/** All that the page shows, read in one transaction with the traces of its looks. */
export interface Opened {
  readonly file: CaseFile;
  readonly city: City;
  readonly sight: Sight;
  readonly offers: readonly Move[];
  readonly words: string | null;
  readonly original: boolean;
  readonly contacts: { readonly people: readonly ReporterSeen[]; readonly flat: string | null } | null;
  readonly photos: readonly ShownPhoto[];
  readonly mediaUrls: readonly string[];
  readonly deliveries: readonly Delivery[];
  readonly steps: readonly Step[];
  readonly clocks: readonly ClockRow[];
  readonly assignments: readonly Assignment[];
  readonly attempts: readonly Attempt[];
  readonly neighbours: { readonly rows: readonly Neighbour[]; readonly more: boolean };
  readonly links: readonly CrewLink[] | null;
  /** undefined: not the actor's to know of. */
  readonly hold: LegalHold | null | undefined;
}

/** `/desk/requests/{number}`: the one page of a request for all who work on it. */
export const requestPage = (platform: Platform) => (c: Context<MistoEnv>) => drawRequest(platform, c, {});

async function open(
  work: Work,
  number: string,
  ask: { original: boolean; contacts: boolean },
): Promise<Opened> {
  const { actor, tx, clock } = work;
  const file = await caseFile(tx, actor, number);
  const city = await readCity(tx);
  const sight = sightOf(actor, file, file.leaf.access ?? false);
  const original = ask.original && can(actor, permission('view_original'), file);
  const words = original ? await originalTextOf(work, number, purposes.work) : file.words;
  const contacts =
    ask.contacts && sight.contacts
      ? {
          people: await reportersOf(work, number, purposes.work),
          flat: sight.words ? await flatOf(work, number, purposes.work) : null,
        }
      : null;
  const offers = offersFor(actor, file);
  return {
    file,
    city,
    sight,
    offers,
    words,
    original,
    contacts,
    photos: sight.words ? await casePhotos(tx, number) : [],
    mediaUrls: sight.words ? await mediaUrlsOf(tx, number) : [],
    deliveries: await deliveriesOf(tx, actor, number),
    steps: await stepsOf(tx, number),
    clocks: await clocksOf(tx, number),
    assignments: await assignmentsOf(tx, number),
    attempts: await attemptsOf(tx, number),
    neighbours: await neighboursOf(tx, file, {
      centre: city.settings.centre,
      now: clock.now(),
      mayLink: can(actor, permission('link'), file),
    }),
    links:
      file.organisation !== null && can(actor, permission('crew_link'), file)
        ? await crewLinks(tx, number, clock.now())
        : null,
    hold: can(actor, permission('legal_hold'), file) ? await legalHoldOf(tx, number) : undefined,
  };
}

/** `/desk/requests/{number}/news`: whether the request has changed since the page was drawn. */
export const requestNews = (platform: Platform) =>
  pageNews(
    platform,
    (topic, c) => topic === requestTopic(typedNumber(c.req.param('number') ?? '')),
    async (c) => {
      const { actor } = c.var.visit;
      const file = await caseFile(platform.db, actor, typedNumber(c.req.param('number') ?? ''));
      return newerThan(c.req.query('version'), file.version);
    },
  );

/** Draws the page; `shown` is what an act left. @throws NotFound */
export async function drawRequest(platform: Platform, c: Context<MistoEnv>, shown: Shown): Promise<Response> {
  const at = deskHere(c);
  const own = requestWords(at.language);
  const number = typedNumber(c.req.param('number') ?? '');
  const { actor, requestId } = c.var.visit;
  const opened = await platform.work(
    actor,
    (work) =>
      open(work, number, {
        original: c.req.query('original') === '1',
        contacts: c.req.query('contacts') === '1',
      }),
    { requestId },
  );
  const { file, sight } = opened;
  const path = `/desk/requests/${number}`;
  const templates = await readTemplates(platform.db);
  const why = await whyOf(platform.db, number, at.language, true);
  const faults = shown.faults ?? [];
  const now = platform.clock.now();
  const forms: MoveFormsProps = {
    at,
    city: opened.city,
    csrf: c.var.visit.csrfToken(),
    action: at.href(path),
    organisation: file.organisation,
    crew: file.crew,
    visited: file.reworks >= anotherUnitAfter ? opened.attempts.flatMap(({ crew }) => crew ?? []) : [],
    category: file.category,
    branches: file.branches,
    templates,
    typed: shown.typed ?? {},
    faults,
    now,
    hidden: { version: String(file.version) },
  };
  const done = shown.refused || faults.length > 0 ? undefined : c.req.query('done');
  return page(
    c,
    {
      title: `${file.leaf.name[at.language]}, ${shownNumber(number)}`,
      shell: 'desk',
      faults,
      private: true,
      ...(mayQueue(actor)
        ? {
            before: <BackLink href={at.href('/desk/dispatcher')}>{own.toQueue}</BackLink>,
            current: '/contact-centre/desk/dispatcher',
          }
        : {}),
      ...(shown.status ? { status: shown.status } : {}),
    },
    <>
      <Island
        name="page-news"
        props={{
          source: at.href(`${path}/news`, { version: file.version }),
          href: at.href(path),
          words: own.fresh,
        }}
      />
      <ErrorSummary faults={faults} />
      {shown.refused && <Refused at={at} shown={shown} opened={opened} />}
      {done && <Done>{doneWords(at, own, done)}</Done>}
      {shown.leftOut?.map((line) => (
        <Notice key={line} tone="warning">
          <p>{line}</p>
        </Notice>
      ))}
      <PageHead
        title={file.leaf.name[at.language]}
        kicker={<span class="mono">{shownNumber(number)}</span>}
        lead={
          <>
            {file.address ?? at.text.noPlace} · <Due at={at} due={file.due} now={now} />
          </>
        }
        actions={
          <>
            <StateBadge language={at.language} state={file.state} closing={file.closing} />
            {(file.class === 'urgent' || file.class === 'emergency') && (
              <Badge tone="danger">{at.text.classes[file.class]}</Badge>
            )}
          </>
        }
      />
      {file.master && (
        <Notice>
          <p>
            {own.mergedInto} <a href={at.href(`/desk/requests/${file.master}`)}>{shownNumber(file.master)}</a>
          </p>
        </Notice>
      )}
      {file.reworks >= 3 && file.state !== 'closed' && (
        <Notice tone="warning">
          <p>{own.thirdRework}</p>
        </Notice>
      )}
      <Acts {...forms} offers={opened.offers} shown={shown} />
      <Section title={own.words}>
        <p>{opened.words ?? (sight.words ? own.erased : at.text.hiddenText)}</p>
        {opened.original ? (
          <p class="muted">{own.originalSeen}</p>
        ) : (
          <p class="muted">
            {own.wordsMasked}{' '}
            {can(actor, permission('view_original'), file) && (
              <a href={at.href(path, { original: 1 })} rel="nofollow">
                {own.original}
              </a>
            )}
          </p>
        )}
      </Section>
      <RequestPhotos at={at} photos={opened.photos} what={file.leaf.name[at.language]} />
      <MediaUrls at={at} opened={opened} />
      <Facts at={at} opened={opened} />
      <Contacts at={at} opened={opened} href={at.href(path, { contacts: 1 })} />
      <Terms at={at} clocks={opened.clocks} now={now} href={at.href(`${path}/terms`)} />
      {why && (
        <Section title={own.routing}>
          <p>{why}</p>
        </Section>
      )}
      <Assignments at={at} opened={opened} />
      <Attempts at={at} opened={opened} />
      <Neighbours
        at={at}
        opened={opened}
        csrf={forms.csrf}
        action={at.href(`${path}/duplicates`)}
        mayLink={can(actor, permission('link'), file) && file.state !== 'merged' && file.state !== 'closed'}
        faults={faults}
      />
      {opened.links && (
        <CrewLinks
          at={at}
          links={opened.links}
          csrf={forms.csrf}
          action={at.href(`${path}/crew-links`)}
          token={shown.token ? `${c.var.visit.origin}${at.href(`/crew/${shown.token}`)}` : null}
          typed={forms.typed}
          faults={faults}
        />
      )}
      {can(actor, permission('pause'), file) && (file.pause !== null || pausable.includes(file.state)) && (
        <PauseForm
          {...forms}
          action={at.href(`${path}/pause`)}
          open={shown.move === 'pause' || file.pause !== null}
          pause={file.pause}
        />
      )}
      {mayMakeStatutory(actor, file) && (
        <StatutoryForm
          {...forms}
          action={at.href(`${path}/statutory`)}
          open={shown.move === 'statutory'}
          lead={opened.contacts?.people.find((one) => one.lead)?.name ?? null}
          executor={file.organisation ?? null}
          organisations={opened.city.organisations}
        />
      )}
      <p>
        <a href={localPath(at.language, `/desk/recusals?request=${opened.file.number}`)}>
          {requestWords(at.language).recuse}
        </a>
      </p>
      {opened.hold !== undefined && (
        <HoldSection
          at={at}
          hold={opened.hold}
          csrf={forms.csrf}
          action={at.href(`${path}/legal-hold`)}
          listHref={at.href('/desk/legal-holds')}
          typed={forms.typed}
          faults={faults}
          open={shown.move === 'hold'}
        />
      )}
      {can(actor, permission('export_personal'), file) && (
        <ExportForm
          language={at.language}
          action={at.href(`${path}/export`)}
          csrf={forms.csrf}
          typed={forms.typed}
          faults={faults}
          open={shown.move === 'export'}
        />
      )}
      <Deliveries at={at} opened={opened} />
      {sight.notes && <NoteForm {...forms} action={at.href(`${path}/notes`)} />}
      <Section title={own.history} id="history">
        <StepList at={at} opened={opened} steps={opened.steps.toReversed()} />
      </Section>
    </>,
  );
}

const mayQueue = (actor: Actor) => actor.grants.some((grant) => grant.permissions.has(permission('accept')));

function doneWords(at: DeskHere, own: ReturnType<typeof requestWords>, done: string): string {
  if (done === 'put' || done === 'lift') return holdText(at.language)[`${done}_done`];
  if (done === 'note') return own.noteDone;
  if (done === 'statutory') return own.statutoryDone;
  if (done === 'paused') return own.pausedDone;
  if (done === 'resumed') return own.resumed;
  if (done === 'revoked') return own.linkRevoked;
  const linked = /^linked-(\d{1,3})$/.exec(done);
  return linked ? own.linked(Number(linked[1])) : own.done;
}

/** Why nothing was done; for a stale form both versions and what lies between them. */
function Refused(props: { at: DeskHere; shown: Shown; opened: Opened }) {
  const { at, shown, opened } = props;
  const own = requestWords(at.language);
  const { seen } = shown;
  const before = opened.steps.find((step) => step.seq === seen);
  const lost =
    shown.move && !(opened.offers as readonly string[]).includes(shown.move) ? typedWords(shown) : [];
  return (
    <Notice tone="danger" live>
      {seen === undefined ? (
        <p>{refusalWords(at.words, shown.refused ?? '')}</p>
      ) : (
        <>
          <p>{own.stale(at.number(seen), at.number(opened.file.version))}</p>
          <SummaryList
            rows={[
              { name: own.staleBefore, value: before ? stateName(at.language, before.to, null) : '…' },
              {
                name: own.staleNow,
                value: stateName(at.language, opened.file.state, opened.file.closing),
              },
            ]}
          />
          <p>{own.staleSteps}:</p>
          <StepList at={at} opened={opened} steps={opened.steps.filter((step) => step.seq > seen)} />
        </>
      )}
      {lost.length > 0 && (
        <>
          <p>{own.typed}:</p>
          {lost.map((line) => (
            <blockquote key={line}>{line}</blockquote>
          ))}
        </>
      )}
    </Notice>
  );
}

const typedWords = (shown: Shown): string[] =>
  Object.entries(shown.typed ?? {})
    .filter(([name, value]) => name.startsWith(`${shown.move}-`) && value !== '')
    .map(([, value]) => value);

/** The usual next act in the open, the others folded; the one whose form was just sent is never folded. */
function Acts(props: MoveFormsProps & { offers: readonly Move[]; shown: Shown }) {
  const { at, offers, shown } = props;
  const own = requestWords(at.language);
  const [first, ...others] = offers;
  return (
    <Section title={own.now} id="now">
      {!first && <p class="muted">{own.nothing}</p>}
      {first && (
        <div class="card edge-info">
          {!asksNothing(first) && <h3>{at.words.acts[first]}</h3>}
          <MoveForm {...props} move={first} />
        </div>
      )}
      {others.map((move) => (
        <Details
          key={move}
          summary={at.words.acts[move]}
          open={shown.move === move || props.faults.some(({ field }) => field.startsWith(`${move}-`))}
        >
          <MoveForm {...props} move={move} />
        </Details>
      ))}
    </Section>
  );
}

/** What `makeStatutory` would not refuse at once. */
const mayMakeStatutory = (actor: Actor, file: CaseFile): boolean =>
  file.regime === 'service' &&
  file.state !== 'closed' &&
  file.state !== 'merged' &&
  can(actor, permission('register_for_other'), file);

/** The work stands still for want of access or for danger, or goes on again. */
function PauseForm(props: MoveFormsProps & { open: boolean; pause: PauseGround | null }) {
  const { at, typed, pause } = props;
  const own = requestWords(at.language);
  const form = { action: props.action, csrf: props.csrf, idempotencyKey: randomUUID(), faults: props.faults };
  if (pause)
    return (
      <Section title={own.pausedNow[pause]}>
        <Form {...form} hidden={{ resume: '1' }}>
          <Actions>
            <Button>{own.resume}</Button>
          </Actions>
        </Form>
      </Section>
    );
  return (
    <Details summary={own.pause} open={props.open}>
      <p>{own.pauseLead}</p>
      <Form {...form}>
        <Radios
          name="pause-ground"
          label={own.pauseGround}
          value={typed['pause-ground'] ?? ''}
          options={pauseGrounds.map((ground) => ({ value: ground, label: own.pauseGrounds[ground] }))}
        />
        <TextArea name="pause-note" label={own.pauseNote} rows={2} value={typed['pause-note'] ?? ''} />
        <Actions>
          <Button look="secondary">{own.pause}</Button>
        </Actions>
      </Form>
    </Details>
  );
}

/** The way into an appeal under the law; `lead` is the reporter's name where it was opened. */
function StatutoryForm(
  props: MoveFormsProps & {
    open: boolean;
    lead: string | null;
    executor: string | null;
    organisations: City['organisations'];
  },
) {
  const { at, typed } = props;
  const own = requestWords(at.language);
  const words = appealText(at.language);
  return (
    <Details summary={own.statutory} open={props.open}>
      <p>{own.statutoryLead}</p>
      <Form action={props.action} csrf={props.csrf} idempotencyKey={randomUUID()} faults={props.faults}>
        <Radios
          name="statutory-kind"
          label={words.desk.kind}
          value={typed['statutory-kind'] ?? ''}
          options={appealKinds.map((kind) => ({
            value: kind,
            label: words.kinds[kind],
            hint: words.kindHints[kind],
          }))}
        />
        <TextInput
          name="statutory-name"
          label={words.name}
          value={typed['statutory-name'] ?? props.lead ?? ''}
        />
        <TextInput
          name="statutory-residence"
          label={words.residence}
          hint={words.residenceHint}
          value={typed['statutory-residence'] ?? ''}
        />
        <Select
          name="statutory-about"
          label={words.about}
          hint={words.aboutHint}
          required={false}
          empty={words.nobody}
          value={typed['statutory-about'] ?? props.executor ?? ''}
          options={[...props.organisations.values()].map((one) => ({
            value: one.id,
            label: one.name[at.language],
          }))}
        />
        <Actions>
          <Button look="danger">{own.statutory}</Button>
        </Actions>
      </Form>
    </Details>
  );
}

function NoteForm(props: MoveFormsProps) {
  const { at, typed } = props;
  const own = requestWords(at.language);
  const name = 'note-text';
  return (
    <Section title={own.note}>
      <Form action={props.action} csrf={props.csrf} idempotencyKey={randomUUID()} faults={props.faults}>
        <TextArea name={name} label={own.noteText} rows={3} value={typed[name] ?? ''} />
        <Radios
          name="note-who"
          label={own.noteWho}
          value={typed['note-who'] ?? 'internal'}
          options={[
            { value: 'internal', label: own.noteInternal },
            { value: 'public', label: own.notePublic },
          ]}
        />
        <Actions>
          <Button look="secondary">{own.addNote}</Button>
        </Actions>
      </Form>
    </Section>
  );
}
