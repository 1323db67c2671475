import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { z } from 'zod';
import { type FieldFault, NotFound } from '#platform/errors.ts';
import { readForm } from '#platform/http/forms.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import {
  Actions,
  BackLink,
  Badge,
  Button,
  ErrorSummary,
  Form,
  PageHead,
  Radios,
  Section,
  SummaryList,
  TextArea,
  TextInput,
} from '#ui/index.ts';
import { missCall, recordCheck } from '../../../calls.ts';
import { dayPartOf, dayParts } from '../../../lists/index.ts';
import { act, type Moved } from '../../../moves.ts';
import { purposes, reportersOf } from '../../../personal.ts';
import { StateBadge } from '../../kit.tsx';
import { shownNumber } from '../../text.ts';
import { tryAct } from '../kit.tsx';
import { claimOf, triedParts } from './claims.ts';
import { type Controlling, controllerPage, controlling, Marks, nameOf, numberIn } from './kit.tsx';

interface Shown {
  readonly faults?: readonly FieldFault[];
  readonly typed?: Readonly<Record<string, string>>;
  readonly refused?: string;
}

/** `/desk/controller/calls/{number}/{reporter}`: one person, one question. */
export const callPage = (platform: Platform) => (c: Context<MistoEnv>) => draw(controlling(platform, c), {});

const schema = z.object({
  verdict: z.enum(['yes', 'no', 'partly']).optional(),
  grade: z.coerce.number().int().min(1).max(5).optional(),
  comment: z.string().max(2_000).default(''),
  record: z.string().max(100).default(''),
  version: z.coerce.number().int().optional(),
});

/** The answer of the person who was called. */
export function callAct(platform: Platform) {
  return async (c: Context<MistoEnv>): Promise<Response> => {
    const desk = controlling(platform, c);
    const { words } = desk;
    const number = numberIn(c);
    const reporter = reporterIn(c);
    const claim = await claimOf(platform.db, c.var.visit.actor, number);
    const form = await readForm(c, schema);
    const { data } = form;
    const faults = [
      ...form.faults,
      ...(data && !data.verdict ? [{ field: 'verdict', message: words.choose }] : []),
      ...(data && !data.record ? [{ field: 'record', message: words.fill }] : []),
      ...(data?.verdict && data.verdict !== 'yes' && data.comment.length < 2
        ? [{ field: 'comment', message: words.needComment }]
        : []),
    ];
    if (!data?.verdict || faults.length) return draw(desk, { faults, typed: form.values });
    const { verdict, comment, record: callRecord, grade, version } = data;
    const isCheck = claim.row.state === 'closed';
    const made = await tryAct<Moved | null>(() =>
      desk.run((work) =>
        isCheck
          ? recordCheck(work, number, { reporter, verdict, callRecord, ...(comment ? { comment } : {}) })
          : act(work, number, verdict === 'yes' ? 'confirm' : 'veto', {
              reporter,
              callRecord,
              method: 'call',
              ...(grade === undefined ? {} : { grade }),
              ...(comment ? { comment } : {}),
              ...(verdict === 'partly' ? { partly: true } : {}),
              ...(version === undefined ? {} : { version }),
            }),
      ),
    );
    if (made.kind === 'faults') return draw(desk, { faults: made.faults, typed: form.values });
    if (made.kind === 'refused') return draw(desk, { refused: made.code, typed: form.values });
    const done = isCheck ? (verdict === 'yes' ? 'check' : 'check-no') : verdict === 'yes' ? 'yes' : 'no';
    return c.redirect(desk.href(isCheck ? '/checks' : '', { done }), 303);
  };
}

/** Nobody answered. */
export function missedAct(platform: Platform) {
  return async (c: Context<MistoEnv>): Promise<Response> => {
    const desk = controlling(platform, c);
    const number = numberIn(c);
    const reporter = reporterIn(c);
    const claim = await claimOf(platform.db, c.var.visit.actor, number);
    const made = await tryAct(() => desk.run((work) => missCall(work, number, { reporter })));
    if (made.kind !== 'done') return draw(desk, { refused: made.kind === 'refused' ? made.code : 'other' });
    return c.redirect(
      desk.href(claim.row.state === 'closed' ? '/checks' : '', {
        done: made.result.counted ? 'missed' : 'missed-again',
      }),
      303,
    );
  };
}

async function draw(desk: Controlling, shown: Shown): Promise<Response> {
  const { platform, c, at, words } = desk;
  const number = numberIn(c);
  const id = reporterIn(c);
  const claim = await claimOf(platform.db, c.var.visit.actor, number);
  const reporters = await desk.run((work) => reportersOf(work, number, purposes.callBack));
  const person = reporters.find((one) => one.id === id);
  if (!person) throw new NotFound('reporter');
  const now = platform.clock.now();
  const part = dayPartOf(now);
  const tried = await triedParts(platform.db, id, claim.attempt);
  const isCheck = claim.row.state === 'closed';
  const { row } = claim;
  const faults = shown.faults ?? [];
  const typed = shown.typed ?? {};
  const here = `/calls/${number}/${id}`;
  const csrf = c.var.visit.csrfToken();
  const title = isCheck ? words.call.checkTitle : words.call.title;
  return controllerPage(
    desk,
    { title, faults, ...(shown.refused ? { refused: shown.refused } : {}) },
    <>
      <ErrorSummary faults={faults} />
      <BackLink href={desk.href(isCheck ? '/checks' : '')}>{words.back}</BackLink>
      <PageHead
        title={person.name ?? words.unnamed}
        kicker={title}
        lead={
          <>
            {person.phone && (
              <a class="mono" href={`tel:${person.phone}`}>
                {person.phone}
              </a>
            )}{' '}
            <span class="muted">{words.call.language[person.language]}</span>
          </>
        }
        actions={<StateBadge language={at.language} state={row.state} closing={row.closing} />}
      />
      <blockquote>{isCheck ? words.call.checkLead : words.call.script}</blockquote>
      <SummaryList
        rows={[
          {
            name: at.text.number,
            value: (
              <a class="mono" href={at.href(`/desk/requests/${number}`)}>
                {shownNumber(number)}
              </a>
            ),
          },
          { name: at.text.category, value: nameOf(at, row) },
          { name: at.text.place, value: row.address ?? at.text.noPlace },
          { name: at.text.text, value: row.text ?? at.text.hiddenText },
          {
            name: words.claim,
            value: (
              <>
                {words.results[claim.result]}: {claim.answer}{' '}
                <span class="muted">
                  {row.organisationName?.[at.language]}, {at.time(claim.claimedAt)}
                </span>{' '}
                <Marks words={words} faults={claim.evidenceFaults} />
              </>
            ),
          },
          {
            name: words.tries,
            value: dayParts.map((one) => (
              <Badge key={one} tone={tried.includes(one) ? 'danger' : 'neutral'}>
                {words.parts[one]}
                <span class="visually-hidden">: {tried.includes(one) ? words.tried : words.untried}</span>
              </Badge>
            )),
          },
        ]}
      />
      <Form
        action={desk.href(here)}
        csrf={csrf}
        idempotencyKey={randomUUID()}
        faults={faults}
        hidden={{ version: String(row.version) }}
      >
        <Radios
          name="verdict"
          label={words.call.verdict}
          value={typed.verdict ?? ''}
          options={[
            { value: 'yes', label: words.call.yes },
            { value: 'no', label: words.call.no },
            { value: 'partly', label: words.call.partly, hint: words.call.partlyHint },
          ]}
        />
        {!isCheck && (
          <Radios
            name="grade"
            label={words.call.grade}
            required={false}
            inline
            value={typed.grade ?? ''}
            options={words.call.grades.map((label, index) => ({ value: String(index + 1), label }))}
          />
        )}
        <TextArea
          name="comment"
          label={words.call.comment}
          hint={words.call.commentHint}
          required={false}
          rows={3}
          value={typed.comment ?? ''}
        />
        <TextInput
          name="record"
          label={words.call.record}
          hint={words.call.recordHint}
          width="m"
          value={typed.record ?? at.time(now)}
        />
        <Actions>
          <Button icon="check">{words.call.save}</Button>
        </Actions>
      </Form>
      <Section title={words.call.missed}>
        <p>{words.call.missedHint}</p>
        {tried.includes(part) ? (
          <p class="muted">{words.call.missedAlready(words.partsLong[part])}</p>
        ) : (
          <Form action={desk.href(`${here}/missed`)} csrf={csrf} idempotencyKey={randomUUID()}>
            <Actions>
              <Button look="secondary">{words.call.missedNow(words.partsLong[part])}</Button>
            </Actions>
          </Form>
        )}
      </Section>
    </>,
  );
}

function reporterIn(c: Context<MistoEnv>): string {
  const id = c.req.param('reporter') ?? '';
  if (!/^[0-9a-f-]{36}$/.test(id)) throw new NotFound('reporter');
  return id;
}
