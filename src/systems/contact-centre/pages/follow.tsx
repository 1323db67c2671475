import { randomUUID } from 'node:crypto';
import { type SQL, sql } from 'drizzle-orm';
import type { Context } from 'hono';
import type { ComponentChildren } from 'preact';
import { Conflict, type FieldFault, NotFound } from '#platform/errors.ts';
import { attempt, isUnreadable } from '#platform/http/forms.ts';
import { signedIn } from '#platform/http/guard.ts';
import { countedNetwork } from '#platform/http/limits.ts';
import { page } from '#platform/http/page.tsx';
import { secretsOf } from '#platform/identity/secrets.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import {
  Actions,
  Button,
  Details,
  ErrorSummary,
  FileInput,
  Form,
  Notice,
  PageHead,
  Radios,
  Section,
  SummaryList,
  TextArea,
  Timeline,
} from '#ui/index.ts';
import { isAnswered } from '../appeals.ts';
import { act, type MoveInput } from '../moves.ts';
import { requestText } from '../personal.ts';
import { type KeptPhoto, mostPhotos, photoTypes, receivePhotos } from '../photos.ts';
import { sha256 } from '../requests.ts';
import { type HistoryMove, type Move, movesFrom } from '../states.ts';
import { setLetters } from '../telling.ts';
import { whyOf } from '../why.ts';
import { appealText } from './appeal-text.ts';
import { beginDraft, keepDraft } from './draft.ts';
import { followText } from './follow-text.ts';
import { fields, type Here, here, StateBadge } from './kit.tsx';
import { photosByLink, RequestPhotos } from './photos.tsx';
import {
  clocksOf,
  historyOf,
  instant,
  intervalsOf,
  ownRequest,
  type PublicRequest,
  publicRequest,
} from './reads.ts';
import { Terms } from './request.tsx';
import { shownNumber } from './text.ts';

/** What a follow link opens: whose it is and what that person said. */
interface Followed {
  readonly number: string;
  readonly master: string | null;
  readonly lead: boolean;
  readonly withdrawn: boolean;
  readonly verdict: string | null;
  readonly verdictAttempt: number | null;
  /** Whether letters go to this person; null: the law wants them sent. */
  readonly letters: boolean | null;
  /** The words of the one who reported, as written; for those who joined none. */
  readonly text: string | null;
}

/** Whose link it is. @throws NotFound for a link that nobody was given. */
/** By what the page is opened: a link that acts for its holder, or the account of the person. */
export interface Door {
  readonly path: string;
  /** The secret of the link; null in the cabinet. */
  readonly token: string | null;
  readonly as: Pick<MoveInput, 'reporterToken' | 'method'>;
  readonly letters: { readonly token: string } | { readonly number: string };
  readonly whose: SQL;
  readonly shell: 'site' | 'cabinet';
}

export function doorOf(c: Context<MistoEnv>): Door {
  const token = c.req.param('token');
  if (token !== undefined)
    return {
      path: `/follow/${token}`,
      token,
      as: { reporterToken: token, method: 'link' },
      letters: { token },
      whose: sql`p.id = (select reporter from cc_link where token_hash = ${sha256(token)} and kind = 'follow' and revoked_at is null)`,
      shell: 'site',
    };
  const person = signedIn(c);
  const number = c.req.param('number') ?? '';
  return {
    path: `/my/${number}`,
    token: null,
    as: { method: 'cabinet' },
    letters: { number },
    whose: sql`p.person = ${person.id} and p.request = ${number}`,
    shell: 'cabinet',
  };
}

export async function followed(platform: Platform, door: Door): Promise<Followed> {
  const { rows } = await platform.db.execute<Record<string, unknown>>(
    sql`select r.number, r.master, r.regime, p.notify, p.lead, p.withdrawn_at, p.verdict, p.verdict_attempt,
        p.id = (select id from cc_reporter f where f.request = r.number order by f.joined_at, f.id limit 1) as first
      from cc_reporter p join cc_request r on r.number = p.request where ${door.whose}`,
  );
  const row = rows[0];
  if (!row) throw new NotFound('link');
  return {
    number: String(row.number),
    master: row.master === null ? null : String(row.master),
    lead: row.lead === true,
    withdrawn: row.withdrawn_at !== null,
    verdict: row.verdict === null ? null : String(row.verdict),
    verdictAttempt: row.verdict_attempt === null ? null : Number(row.verdict_attempt),
    letters: row.regime === 'statutory' ? null : row.notify === true,
    text:
      row.first === true
        ? await requestText(platform.db, secretsOf(platform.config), String(row.number))
        : null,
  };
}

/** The last attempt of the executor and the last question, for the forms on top. */
async function pending(platform: Platform, number: string) {
  const { rows } = await platform.db.execute<Record<string, unknown>>(
    sql`select r.window_until, a.no, a.result, a.answer,
        (select public_note from cc_history h where h.request = r.number and h.move = 'ask' order by seq desc limit 1) as question
      from cc_request r left join lateral (
        select no, result, answer from cc_attempt where request = r.number order by no desc limit 1) a on true
      where r.number = ${number}`,
  );
  const row = rows[0] ?? {};
  return {
    until: instant(row.window_until),
    attempt: row.no === null || row.no === undefined ? null : Number(row.no),
    result: row.result as 'fixed' | 'explained' | 'impossible' | null,
    answer: row.answer ? String(row.answer) : null,
    question: row.question ? String(row.question) : null,
  };
}

const ownMoves = ['confirm', 'veto', 'reopen', 'reply', 'withdraw'] as const satisfies readonly Move[];
type OwnMove = (typeof ownMoves)[number];
const isOwn = (move: string | undefined): move is OwnMove => ownMoves.some((one) => one === move);

interface Shown {
  readonly faults?: readonly FieldFault[];
  readonly typed?: Readonly<Record<string, string>>;
  /** Photos that wait for the next try. */
  readonly photos?: number;
  readonly status?: 409;
  readonly problem?: string;
}

/** `/follow/{token}`: the reporter's own page. What waits for an answer stands on top. */
export const follow = (platform: Platform) => (c: Context<MistoEnv>) => draw(platform, c, {});

/** The reporter's word: made through the same moves as everywhere, with the link as the signature. */
export function followAct(platform: Platform) {
  return async (c: Context<MistoEnv>): Promise<Response> => {
    const at = here(c);
    const words = followText(at.language);
    const door = doorOf(c);
    const link = await followed(platform, door);
    const typed = await fields(c);
    const { move } = typed;
    if (move === 'letters' || move === 'no-letters') {
      await platform.work(c.var.visit.actor, (work) => setLetters(work, door.letters, move === 'letters'));
      return c.redirect(at.href(door.path, { done: move }), 303);
    }
    if (move === 'again') return continueIn(platform, c, link);
    if (!isOwn(move)) return draw(platform, c, { typed, status: 409, problem: words.impossible });
    const comment = (typed[`${move}-comment`] ?? '').slice(0, 4_000);
    const { photos, faults } =
      move === 'veto' ? await photosOfVeto(platform, c, door.path) : { photos: [], faults: [] };
    const kept = photos.length > 0 ? sealPhotos(platform, door.path, photos) : '';
    const again = { typed: { ...typed, [keptPhotos]: kept }, photos: photos.length };
    const needed = (move === 'veto' && photos.length === 0) || move === 'reopen' || move === 'reply';
    if ((needed && comment.length < 2) || isUnreadable(comment))
      faults.unshift({ field: `${move}-comment`, message: words.fill });
    if (faults.length > 0) return draw(platform, c, { ...again, faults });
    const grade = Number(typed[move === 'veto' ? 'veto-grade' : 'grade']);
    const version = Number(typed.version);
    const input: MoveInput = {
      ...door.as,
      ...(comment ? { comment } : {}),
      ...(photos.length > 0 ? { photos } : {}),
      ...((move === 'confirm' || move === 'veto') && Number.isInteger(grade) && grade >= 1 && grade <= 5
        ? { grade }
        : {}),
      ...(move === 'veto' && typed.partly ? { partly: true } : {}),
      ...(Number.isInteger(version) && version > 0 ? { version } : {}),
    };
    try {
      const made = await attempt(() =>
        platform.work(c.var.visit.actor, (work) => act(work, link.master ?? link.number, move, input), {
          requestId: c.var.visit.requestId,
        }),
      );
      if (!made.done) return draw(platform, c, { ...again, faults: made.faults });
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      const problem =
        error.code === 'stale' ? words.stale : error.code === 'too-late' ? words.tooLate : words.impossible;
      return draw(platform, c, { ...again, status: 409, problem });
    }
    return c.redirect(at.href(door.path, { done: move }), 303);
  };
}

/** Days within which a reporter may open the request again; later the problem gets a new one that is linked to it. */
const reopenDays = 30;

/** The problem has come back after that time: the way of a new report, with place and category of the old one given. */
async function continueIn(platform: Platform, c: Context<MistoEnv>, link: Followed): Promise<Response> {
  const at = here(c);
  const { rows } = await platform.db.execute<Record<string, unknown>>(sql`
    select category, building, public_address, public_lat, public_lon, state from cc_request
    where number = ${link.master ?? link.number} and regime = 'service' and not sandbox`);
  const row = rows[0];
  if (row?.state !== 'closed') throw new NotFound('link');
  const now = platform.clock.now();
  const draft = await beginDraft(c, platform.db, now);
  const exact = row.building !== null && row.public_address !== null && row.public_lat !== null;
  await keepDraft(
    platform.db,
    draft,
    {
      follows: link.master ?? link.number,
      category: String(row.category),
      place: {
        ...(exact ? { building: String(row.building) } : {}),
        ...(row.public_address ? { address: String(row.public_address) } : {}),
        ...(row.public_lat !== null ? { lat: Number(row.public_lat), lon: Number(row.public_lon) } : {}),
      },
      nearbySeen: true,
    },
    now,
  );
  return c.redirect(at.href('/report/questions'), 303);
}

/** Photos that came with a form which could not be accepted yet; the browser carries them sealed to the next try. */
const keptPhotos = 'kept-photos';
const place = (path: string) => ({ table: 'cc_link', column: keptPhotos, row: sha256(path) });

function sealPhotos(platform: Platform, path: string, photos: readonly KeptPhoto[]): string {
  return secretsOf(platform.config).encrypt(JSON.stringify(photos), place(path));
}

function openPhotos(platform: Platform, path: string, sealed: string): KeptPhoto[] {
  try {
    const opened = secretsOf(platform.config).decrypt(sealed, place(path));
    const photos = opened
      ? (JSON.parse(opened) as (Omit<KeptPhoto, 'takenAt'> & { takenAt: string | null })[])
      : [];
    return photos.map((photo) => ({ ...photo, takenAt: photo.takenAt ? new Date(photo.takenAt) : null }));
  } catch {
    // Changed on the way: whoever did it gets no photos by it.
    return [];
  }
}

async function photosOfVeto(
  platform: Platform,
  c: Context<MistoEnv>,
  path: string,
): Promise<{ photos: readonly KeptPhoto[]; faults: FieldFault[] }> {
  const form = await c.req.formData();
  const sealed = form.get(keptPhotos);
  const before = typeof sealed === 'string' && sealed ? openPhotos(platform, path, sealed) : [];
  const files = form.getAll('veto-photos').filter((file) => typeof file !== 'string');
  const { photos, faults } = await receivePhotos(platform, c.var.visit.actor, files, {
    language: c.var.visit.language,
    room: mostPhotos - before.length,
    requestId: c.var.visit.requestId,
    network: countedNetwork(c),
  });
  return {
    photos: [...before, ...photos],
    faults: faults.map((message) => ({ field: 'veto-photos', message })),
  };
}

async function draw(platform: Platform, c: Context<MistoEnv>, shown: Shown): Promise<Response> {
  const at = here(c);
  const words = followText(at.language);
  const door = doorOf(c);
  const link = await followed(platform, door);
  const number = link.master ?? link.number;
  const found = await ownRequest(platform.db, at.language, number);
  if (!found) throw new NotFound('request');
  const [history, clocks, intervals, waiting, why, visible, photos] = await Promise.all([
    historyOf(platform.db, number),
    clocksOf(platform.db, number),
    intervalsOf(platform.db, number),
    pending(platform, number),
    whyOf(platform.db, number, at.language),
    publicRequest(platform.db, at.language, number),
    door.token ? photosByLink(platform.db, door.token) : [],
  ]);
  const answered = await isAnswered(platform.db, number);
  const moves: readonly Move[] = link.withdrawn ? [] : movesFrom(found.state, ['reporter']);
  const done = c.req.query('done');
  const voted = link.verdict === 'yes' && link.verdictAttempt === waiting.attempt;
  const faults = shown.faults ?? [];
  const forms = {
    at,
    found,
    waiting,
    shown,
    action: at.href(door.path),
    csrf: c.var.visit.csrfToken(),
  };
  return page(
    c,
    {
      title: `${words.title} ${shownNumber(number)}`,
      faults,
      private: true,
      index: false,
      shell: door.shell,
      ...(door.shell === 'cabinet' ? { current: '/contact-centre/my' } : {}),
      ...(shown.status ? { status: shown.status } : {}),
    },
    <>
      <ErrorSummary faults={faults} />
      {shown.problem && (
        <Notice tone="danger" live>
          <p>{shown.problem}</p>
        </Notice>
      )}
      {(isOwn(done) || done === 'letters' || done === 'no-letters') &&
        !shown.problem &&
        faults.length === 0 && (
          <Notice tone="good" live>
            <p>{words.done[done]}</p>
          </Notice>
        )}
      <PageHead
        title={found.categoryName}
        kicker={<span class="mono">{shownNumber(number)}</span>}
        actions={<StateBadge language={at.language} state={found.state} closing={found.closing} />}
      />
      {link.master && (
        <Notice>
          <p>{words.merged(shownNumber(link.master))}</p>
        </Notice>
      )}
      {link.withdrawn && (
        <Notice>
          <p>{words.gone}</p>
        </Notice>
      )}
      {moves.includes('confirm') &&
        (voted ? (
          <Notice tone="good">
            <p>{words.voted}</p>
          </Notice>
        ) : (
          <Judge {...forms} />
        ))}
      {moves.includes('reply') && <Reply {...forms} />}
      {link.text === null ? <p>{words.joined}</p> : null}
      <p>{link.text ?? found.text ?? at.text.hiddenText}</p>
      <SummaryList
        rows={[
          { name: at.text.place, value: found.address ?? found.districtName ?? at.text.noPlace },
          { name: at.text.executor, value: found.organisationName ?? at.text.noExecutor },
          ...(why ? [{ name: words.why, value: why }] : []),
          { name: at.text.created, value: at.time(found.createdAt) },
          { name: at.text.due, value: found.due ? at.time(found.due) : at.text.noDue },
          { name: at.text.people, value: at.number(found.reporters) },
        ]}
      />
      {answered && door.token && (
        <p>
          <a href={at.href(`/follow/${door.token}/answer`)}>{appealText(at.language).answerTitle}</a>
        </p>
      )}
      {visible && (
        <p>
          <a href={at.href(`/requests/${number}`)}>{words.public}</a>
        </p>
      )}
      <RequestPhotos
        at={at}
        photos={photos}
        what={found.categoryName}
        base={`/contact-centre${door.path}/photos`}
      />
      <Terms at={at} clocks={clocks} intervals={intervals} href={at.href(`${door.path}/terms`)} />
      {moves.includes('reopen') && <Reopen {...forms} late={isLate(found, platform.clock.now())} />}
      <Section title={words.history}>
        <Timeline
          items={history.toReversed().map((entry) => ({
            title: at.text.moves[entry.move as HistoryMove] ?? entry.move,
            when: at.time(entry.at),
            dateTime: entry.at.toISOString(),
            ...(entry.who ? { who: entry.who } : {}),
            ...(entry.note ? { body: <p>{entry.note}</p> } : {}),
          }))}
        />
      </Section>
      {moves.includes('withdraw') && (
        <Details summary={words.withdraw}>
          <p>{words.withdrawWhy}</p>
          <MoveForm {...forms} move="withdraw">
            <Button look="danger">{words.withdrawDo}</Button>
          </MoveForm>
        </Details>
      )}
      {link.letters !== null && !link.withdrawn && (
        <Form
          action={forms.action}
          csrf={forms.csrf}
          hidden={{ move: link.letters ? 'no-letters' : 'letters' }}
        >
          <p>{link.letters ? words.lettersOn : words.lettersOff}</p>
          <Actions>
            <Button look="secondary">{link.letters ? words.noLetters : words.letters}</Button>
          </Actions>
        </Form>
      )}
      {door.shell === 'site' && <p class="muted">{words.secret}</p>}
    </>,
  );
}

interface FormsProps {
  readonly at: Here;
  readonly found: PublicRequest;
  readonly waiting: Awaited<ReturnType<typeof pending>>;
  readonly shown: Shown;
  readonly action: string;
  readonly csrf: string;
}

function MoveForm(
  props: FormsProps & {
    move: OwnMove;
    multipart?: boolean;
    hidden?: Record<string, string>;
    children: ComponentChildren;
  },
) {
  return (
    <Form
      action={props.action}
      csrf={props.csrf}
      idempotencyKey={randomUUID()}
      faults={props.shown.faults ?? []}
      multipart={props.multipart ?? false}
      hidden={{ ...props.hidden, move: props.move, version: String(props.found.version) }}
    >
      {props.children}
    </Form>
  );
}

/** The executor says that it is done: yes and no stand side by side, neither is easier than the other. */
function Judge(props: FormsProps) {
  const { at, waiting, found } = props;
  const words = followText(at.language);
  return (
    <section class="card edge-warning">
      <h2>{words.ask}</h2>
      <p>{words.askWhy(found.organisationName ?? at.text.executor)}</p>
      {waiting.answer && (
        <blockquote>
          {waiting.result && <strong>{words.result[waiting.result]}. </strong>}
          {waiting.answer}
        </blockquote>
      )}
      {waiting.until && <p class="muted">{words.until(at.time(waiting.until))}</p>}
      <MoveForm {...props} move="confirm">
        <Radios
          name="grade"
          label={words.grade}
          required={false}
          inline
          value={props.shown.typed?.grade ?? ''}
          options={words.grades.map((label, index) => ({ value: String(index + 1), label }))}
        />
        <Actions>
          <Button icon="check">{words.yes}</Button>
        </Actions>
      </MoveForm>
      <MoveForm
        {...props}
        move="veto"
        multipart
        hidden={{ [keptPhotos]: props.shown.typed?.[keptPhotos] ?? '' }}
      >
        <TextArea
          name="veto-comment"
          label={words.noComment}
          hint={words.noCommentHint}
          rows={3}
          value={props.shown.typed?.['veto-comment'] ?? ''}
        />
        <FileInput
          name="veto-photos"
          label={words.photos}
          hint={props.shown.photos ? words.photosKept(props.shown.photos) : words.photosHint}
          accept={photoTypes}
          multiple
          required={false}
        />
        <Radios
          name="veto-grade"
          label={words.grade}
          required={false}
          inline
          value={props.shown.typed?.['veto-grade'] ?? ''}
          options={words.grades.map((label, index) => ({ value: String(index + 1), label }))}
        />
        <Actions>
          <Button look="danger">{words.no}</Button>
          <Button look="danger" name="partly" value="1">
            {words.partly}
          </Button>
        </Actions>
      </MoveForm>
    </section>
  );
}

function Reply(props: FormsProps) {
  const words = followText(props.at.language);
  return (
    <section class="card edge-warning">
      <h2>{words.question}</h2>
      {props.waiting.question && <blockquote>{props.waiting.question}</blockquote>}
      <MoveForm {...props} move="reply">
        <TextArea
          name="reply-comment"
          label={words.reply}
          rows={3}
          value={props.shown.typed?.['reply-comment'] ?? ''}
        />
        <Actions>
          <Button>{words.sendReply}</Button>
        </Actions>
      </MoveForm>
    </section>
  );
}

const isLate = (found: PublicRequest, now: Date): boolean =>
  found.closedAt !== null && now.getTime() - found.closedAt.getTime() > reopenDays * 86_400_000;

function Reopen(props: FormsProps & { late: boolean }) {
  const words = followText(props.at.language);
  if (props.late)
    return (
      <Section title={words.reopen}>
        <p>{words.againWhy}</p>
        <Form action={props.action} csrf={props.csrf} hidden={{ move: 'again' }}>
          <Actions>
            <Button look="secondary">{words.again}</Button>
          </Actions>
        </Form>
      </Section>
    );
  return (
    <Section title={words.reopen}>
      <p>{words.reopenWhy}</p>
      <MoveForm {...props} move="reopen">
        <TextArea
          name="reopen-comment"
          label={words.reopenComment}
          rows={3}
          value={props.shown.typed?.['reopen-comment'] ?? ''}
        />
        <Actions>
          <Button look="secondary">{words.reopenDo}</Button>
        </Actions>
      </MoveForm>
    </Section>
  );
}
