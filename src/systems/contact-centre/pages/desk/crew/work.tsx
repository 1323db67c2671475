import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Context } from 'hono';
import type { ComponentChildren } from 'preact';
import type { Reader } from '#platform/database/pool.ts';
import { type FieldFault, NotFound } from '#platform/errors.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import type { Actor, Work } from '#platform/work.ts';
import {
  Actions,
  BackLink,
  Button,
  Details,
  ErrorSummary,
  FileInput,
  Form,
  LinkButton,
  Notice,
  PageHead,
  Radios,
  Section,
  TextArea,
} from '#ui/index.ts';
import { readCity } from '../../../city.ts';
import { type CrewLink, crewLinkActor, crewLinkOf } from '../../../crew-links.ts';
import { evidenceOf } from '../../../evidence.ts';
import { act } from '../../../moves.ts';
import { anotherUnitAfter, visitedBy } from '../../../moving/assigning.ts';
import { offersFor } from '../../../offers.ts';
import { type EvidencePhoto, photoTypes } from '../../../photos.ts';
import type { Move } from '../../../states.ts';
import { readTemplates, type Template, templatesFor } from '../../../templates.ts';
import { fields, StateBadge } from '../../kit.tsx';
import { shownNumber, typedNumber } from '../../text.ts';
import { type DeskHere, Done, Due, deskHere, faultWords, refusalWords, tryAct } from '../kit.tsx';
import { CrewSelect, fieldName, readMove, withTemplate } from '../moves.tsx';
import { moveOf, takeEvidence } from '../request/acts.ts';
import { type CaseFile, caseFile, unitName } from '../request/reads.ts';
import { mustGoOut } from './list.tsx';
import { crewText } from './text.ts';

type Answer = (c: Context<MistoEnv>) => Promise<Response>;

/** Whose hands hold the page: a crew that has signed in, or somebody with a link for one request. */
interface Holder {
  readonly number: string;
  readonly actor: Actor;
  /** Path of the page below /contact-centre. */
  readonly path: string;
  readonly link: CrewLink | null;
}

interface Shown {
  readonly faults?: readonly FieldFault[];
  readonly typed?: Readonly<Record<string, string>>;
  readonly refused?: string;
  readonly status?: 409;
  readonly leftOut?: readonly string[];
}

const crewMoves = ['dispatch', 'arrive', 'claim'] as const satisfies readonly Move[];

/** The request of the path, for staff who go out. */
function staffHolder(c: Context<MistoEnv>): Holder {
  const { actor } = c.var.visit;
  mustGoOut(actor);
  const number = typedNumber(c.req.param('number') ?? '');
  return { number, actor, path: `/desk/crew/${number}`, link: null };
}

/** `/desk/crew/{number}`: one address, one thumb: go, arrive, before, after, done. */
export const crewWork =
  (platform: Platform): Answer =>
  async (c) =>
    draw(platform, c, staffHolder(c), {});

export const crewWorkAct =
  (platform: Platform): Answer =>
  async (c) =>
    answer(platform, c, staffHolder(c));

/** `/crew/{token}`: the same for a contractor without an account. A dead link and a guessed one look the same. */
export const linkWork =
  (platform: Platform): Answer =>
  async (c) => {
    const holder = await linkHolder(platform, c);
    return holder ? draw(platform, c, holder, {}) : deadLink(c);
  };

export const linkWorkAct =
  (platform: Platform): Answer =>
  async (c) => {
    const holder = await linkHolder(platform, c);
    return holder ? answer(platform, c, holder) : deadLink(c);
  };

async function linkHolder(platform: Platform, c: Context<MistoEnv>): Promise<Holder | null> {
  const token = c.req.param('token') ?? '';
  const link = await crewLinkOf(platform.db, token, platform.clock.now());
  return link && { number: link.request, actor: crewLinkActor(link), path: `/crew/${token}`, link };
}

function deadLink(c: Context<MistoEnv>): Response {
  const own = crewText(deskHere(c).language);
  return page(
    c,
    { title: own.deadTitle, status: 404, private: true, index: false },
    <>
      <h1>{own.deadTitle}</h1>
      <p>{own.dead}</p>
    </>,
  );
}

async function answer(platform: Platform, c: Context<MistoEnv>, holder: Holder): Promise<Response> {
  const at = deskHere(c);
  const own = crewText(at.language);
  const { number, actor } = holder;
  const typed = await fields(c);
  const run = <T,>(one: (work: Work) => Promise<T>) =>
    platform.work(actor, one, { requestId: c.var.visit.requestId });
  // Who may not know of the request learns nothing from what an act says.
  await caseFile(platform.db, actor, number);
  if (typed.template) {
    const templates = await readTemplates(platform.db);
    return draw(platform, c, holder, { typed: withTemplate(templates, at.language, typed) });
  }
  if (typed.photo === 'before' || typed.photo === 'after') {
    const before = (await evidenceOf(platform.db, number)).length;
    const leftOut = await takeEvidence(platform, c, at, number, run, actor);
    const added = (await evidenceOf(platform.db, number)).length > before;
    if (!added || leftOut.length > 0)
      return draw(platform, c, holder, {
        leftOut,
        ...(added || leftOut.length > 0
          ? {}
          : { faults: [{ field: fieldName('claim', typed.photo), message: own.pickPhoto }] }),
      });
    return c.redirect(at.href(holder.path, { done: 'photo' }), 303);
  }
  const move = crewMoves.find((one) => one === moveOf(typed));
  if (!move) throw new NotFound('move');
  const { input, faults } = readMove(at, move, typed);
  if (faults.length) return draw(platform, c, holder, { faults, typed });
  const version = Number(typed.version);
  const made = await tryAct(() =>
    run(async (work) =>
      act(work, number, move, {
        ...input,
        ...(Number.isInteger(version) && version > 0 ? { version } : {}),
        ...(move === 'dispatch' && holder.link ? { crew: holder.link.crew } : {}),
        ...(move === 'claim' ? { evidence: await evidenceOf(work.tx, number) } : {}),
      }),
    ),
  );
  if (made.kind === 'faults')
    return draw(platform, c, holder, {
      faults: faultWords(at.words, made.faults, (field) => fieldName(move, field)),
      typed,
    });
  if (made.kind === 'refused') return draw(platform, c, holder, { status: 409, refused: made.code, typed });
  return c.redirect(at.href(holder.path, { done: move }), 303);
}

async function draw(
  platform: Platform,
  c: Context<MistoEnv>,
  holder: Holder,
  shown: Shown,
): Promise<Response> {
  const at = deskHere(c);
  const own = crewText(at.language);
  const { number, actor, link } = holder;
  const file = await caseFile(platform.db, actor, number);
  const [city, evidence, templates, arrived, visited] = await Promise.all([
    readCity(platform.db),
    evidenceOf(platform.db, number),
    readTemplates(platform.db),
    hasArrived(platform.db, number),
    file.reworks >= anotherUnitAfter ? visitedBy(platform.db, number) : Promise.resolve<string[]>([]),
  ]);
  // A contractor's link names the crew itself.
  const asksCrew = !link && (file.crew === null || visited.includes(file.crew));
  const offers = offersFor(actor, file);
  const now = platform.clock.now();
  const faults = shown.faults ?? [];
  const done = faults.length === 0 && !shown.refused ? own.shown[c.req.query('done') ?? ''] : undefined;
  const forms: FormsProps = {
    at,
    file,
    action: at.href(holder.path),
    csrf: c.var.visit.csrfToken(),
    faults,
    typed: shown.typed ?? {},
  };
  return page(
    c,
    {
      title: `${file.leaf.name[at.language]}, ${shownNumber(number)}`,
      faults,
      private: true,
      index: false,
      ...(shown.status ? { status: shown.status } : {}),
      ...(link ? {} : { shell: 'desk' as const, before: <BackLink href={at.href('/desk/crew')} /> }),
    },
    <>
      <ErrorSummary faults={faults} />
      {done && <Done>{done}</Done>}
      {shown.refused && (
        <Notice tone="danger" live>
          <p>{refusalWords(at.words, shown.refused)}</p>
        </Notice>
      )}
      {shown.leftOut?.map((line) => (
        <Notice key={line} tone="warning" live>
          <p>{line}</p>
        </Notice>
      ))}
      <PageHead
        title={file.address ?? at.text.noPlace}
        kicker={<span class="mono">{shownNumber(number)}</span>}
        lead={file.leaf.name[at.language]}
        actions={<StateBadge language={at.language} state={file.state} closing={file.closing} />}
      />
      {link && <p class="muted">{own.linkUntil(link.crew, at.time(link.until))}</p>}
      <p>
        <Due at={at} due={file.due} now={now} />
      </p>
      {file.thing && <p class="mono">{file.thing[at.language]}</p>}
      {file.words && <blockquote>{file.words}</blockquote>}
      {file.crew && <p class="muted">{unitName(city.known.units, file.crew, at.language)}</p>}
      <Actions>
        {file.lat !== null && file.lon !== null && (
          <LinkButton href={`geo:${file.lat},${file.lon}`} look="secondary" icon="map">
            {own.route}
          </LinkButton>
        )}
        {!link && (
          <LinkButton href={at.href(`/desk/requests/${number}`)} look="secondary" icon="list">
            {own.whole}
          </LinkButton>
        )}
      </Actions>
      {!crewMoves.some((move) => offers.includes(move)) && (
        <Notice>
          <p>{own.notYours}</p>
        </Notice>
      )}
      {offers.includes('dispatch') && (
        <ActForm
          {...forms}
          move="dispatch"
          fields={asksCrew ? {} : { [fieldName('dispatch', 'crew')]: file.crew ?? '' }}
        >
          {asksCrew && (
            <CrewSelect
              at={at}
              city={city}
              organisation={file.organisation ?? null}
              crew={file.crew}
              visited={visited}
              name={fieldName('dispatch', 'crew')}
              label={at.words.fields.crew}
              value={shown.typed?.[fieldName('dispatch', 'crew')] ?? ''}
            />
          )}
          <Actions>
            <Button size="large" icon="arrow">
              {own.leave}
            </Button>
          </Actions>
        </ActForm>
      )}
      {offers.includes('arrive') &&
        (arrived ? (
          <p class="muted">{own.onSite}</p>
        ) : (
          <ActForm {...forms} move="arrive">
            <Actions>
              <Button size="large" icon="pin">
                {own.arrived}
              </Button>
            </Actions>
          </ActForm>
        ))}
      {offers.includes('claim') && (
        <>
          <Photos {...forms} evidence={evidence} />
          <Finish {...forms} templates={templates} />
        </>
      )}
    </>,
  );
}

interface FormsProps {
  readonly at: DeskHere;
  readonly file: CaseFile;
  readonly action: string;
  readonly csrf: string;
  readonly faults: readonly FieldFault[];
  readonly typed: Readonly<Record<string, string>>;
}

function ActForm(
  props: FormsProps & {
    move: (typeof crewMoves)[number];
    fields?: Readonly<Record<string, string>>;
    children: ComponentChildren;
  },
) {
  return (
    <Form
      action={props.action}
      csrf={props.csrf}
      idempotencyKey={randomUUID()}
      faults={props.faults}
      hidden={{ ...props.fields, move: props.move, version: String(props.file.version) }}
      label={props.at.words.acts[props.move]}
    >
      {props.children}
    </Form>
  );
}

/** Photos go up one by one as they are taken, long before anybody writes an answer. */
function Photos(props: FormsProps & { evidence: readonly Pick<EvidencePhoto, 'kind'>[] }) {
  const { at, file, evidence } = props;
  const own = crewText(at.language);
  const titles = {
    before: [own.photosBefore, own.addBefore],
    after: [own.photosAfter, own.addAfter],
  } as const;
  const wanted = file.leaf.evidence ?? 'none';
  return (
    <>
      {wanted !== 'none' && <p>{wanted === 'after' ? own.wantAfter : own.wantBefore}</p>}
      {(['before', 'after'] as const).map((kind) => {
        const count = evidence.filter((one) => one.kind === kind).length;
        return (
          <Section key={kind} title={titles[kind][0]}>
            <p class="muted">{count > 0 ? own.count(count) : own.noCount}</p>
            <Form
              action={props.action}
              csrf={props.csrf}
              idempotencyKey={randomUUID()}
              multipart
              faults={props.faults}
              hidden={{ photo: kind }}
            >
              <FileInput
                name={fieldName('claim', kind)}
                label={at.words.fields[kind]}
                hint={at.words.hints.photos}
                accept={photoTypes}
                multiple
              />
              <Actions>
                <Button look="secondary" size="large" icon="camera">
                  {titles[kind][1]}
                </Button>
              </Actions>
            </Form>
          </Section>
        );
      })}
    </>
  );
}

function Finish(props: FormsProps & { templates: readonly Template[] }) {
  const { at, file, typed } = props;
  const own = crewText(at.language);
  const ready = templatesFor(props.templates, 'claim', file.category, file.branches);
  const answerField = fieldName('claim', 'answer');
  const resultField = fieldName('claim', 'result');
  return (
    <Section title={own.finish}>
      <ActForm {...props} move="claim">
        <Radios
          name={resultField}
          label={at.words.fields.result}
          value={typed[resultField] ?? 'fixed'}
          options={(['fixed', 'explained', 'impossible'] as const).map((result) => ({
            value: result,
            label: at.words.results[result],
          }))}
        />
        <TextArea
          name={answerField}
          label={at.words.fields.answer}
          hint={at.words.hints.answer}
          rows={4}
          value={typed[answerField] ?? ''}
        />
        <Actions>
          <Button size="large" icon="check">
            {own.done}
          </Button>
        </Actions>
        {ready.length > 0 && (
          <Details summary={at.words.templates} open>
            <Actions>
              {ready.map((template) => (
                <Button
                  key={template.code}
                  look="secondary"
                  size="small"
                  name="template"
                  value={template.code}
                  formaction={`${props.action}?words=1`}
                >
                  {template.name[at.language]}
                </Button>
              ))}
            </Actions>
          </Details>
        )}
      </ActForm>
    </Section>
  );
}

/** Whether a crew has come since it was last sent. */
async function hasArrived(reader: Reader, number: string): Promise<boolean> {
  const { rows } = await reader.execute<{ move: string }>(sql`select move from cc_history
    where request = ${number} and move in ('dispatch', 'arrive') order by seq desc limit 1`);
  return rows[0]?.move === 'arrive';
}
