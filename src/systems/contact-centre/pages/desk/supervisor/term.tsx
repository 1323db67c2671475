import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { z } from 'zod';
import { can } from '#platform/access/index.ts';
import { type FieldFault, NotFound } from '#platform/errors.ts';
import { readForm } from '#platform/http/forms.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import {
  Actions,
  Button,
  DateInput,
  Form,
  Radios,
  Section,
  SummaryList,
  TextArea,
  TextInput,
} from '#ui/index.ts';
import { deskRequest } from '../../../lists/index.ts';
import { permission } from '../../../permissions.ts';
import { resourceAt } from '../../../scope.ts';
import { approvePlan, extendTerm } from '../../../supervising.ts';
import { StateBadge } from '../../kit.tsx';
import { clocksOf } from '../../reads.ts';
import { shownNumber, typedNumber } from '../../text.ts';
import { RequestHead } from '../frame.tsx';
import { tryAct } from '../kit.tsx';
import { type Shift, shiftOf } from './kit.ts';

interface Shown {
  readonly faults?: readonly FieldFault[];
  readonly typed?: Readonly<Record<string, string>>;
  readonly refused?: string;
}

/** `/desk/supervisor/requests/{number}`: the term of one request and its plan. */
export const termPage = (platform: Platform) => (c: Context<MistoEnv>) => draw(shiftOf(platform, c), {});

const schema = z.object({
  go: z.enum(['extend', 'approve']),
  kind: z.enum(['accept', 'arrive', 'fix', 'answer', 'statutory']).optional(),
  until: z.string().default(''),
  reason: z.string().max(1_000).default(''),
  note: z.string().max(1_000).default(''),
});

export function termAct(platform: Platform) {
  return async (c: Context<MistoEnv>): Promise<Response> => {
    const shift = shiftOf(platform, c);
    const { words } = shift;
    const number = numberIn(c);
    const form = await readForm(c, schema);
    const { data } = form;
    if (!data) return draw(shift, { faults: form.faults, typed: form.values });
    if (data.go === 'extend' && !data.kind)
      return draw(shift, { faults: [{ field: 'kind', message: words.fill }], typed: form.values });
    const made = await tryAct<unknown>(() =>
      shift.run<unknown>((work) =>
        data.go === 'approve'
          ? approvePlan(work, number)
          : extendTerm(work, number, {
              kind: data.kind!,
              until: data.until,
              reason: data.reason,
              note: data.note,
            }),
      ),
    );
    if (made.kind === 'faults') {
      const worded: Readonly<Record<string, string>> = { later: words.later, beyond: words.beyond };
      const faults = made.faults.map(({ field, message }) => ({
        field,
        message: worded[message] ?? words.fill,
      }));
      return draw(shift, { faults, typed: form.values });
    }
    if (made.kind === 'refused') return draw(shift, { refused: made.code, typed: form.values });
    return c.redirect(
      shift.href(`/requests/${number}`, { done: data.go === 'approve' ? 'approved' : 'extended' }),
      303,
    );
  };
}

async function draw(shift: Shift, shown: Shown): Promise<Response> {
  const { platform, c, at, words, now } = shift;
  const number = numberIn(c);
  const { actor } = c.var.visit;
  const row = await deskRequest(platform.db, actor, number);
  if (!row) throw new NotFound('request');
  const clocks = await clocksOf(platform.db, number);
  const resource = await resourceAt(platform.db, actor, row);
  const may = (act: string) => can(actor, permission(act), resource);
  const running = clocks.filter((clock) => !clock.stoppedAt && clock.due > now);
  const faults = shown.faults ?? [];
  const typed = shown.typed ?? {};
  const done = faults.length || shown.refused ? undefined : words.done[c.req.query('done') ?? ''];
  const action = shift.href(`/requests/${number}`);
  const csrf = c.var.visit.csrfToken();
  const work = clocks.find(({ kind }) => kind === 'fix' || kind === 'answer');
  const planState =
    row.state !== 'planned' || !row.planned
      ? null
      : work?.pausedAt
        ? 'planPaused'
        : row.planned <= now
          ? 'planPast'
          : work && !work.stoppedAt && row.planned > work.due
            ? 'planOn'
            : 'planInTerm';
  return page(
    c,
    {
      title: `${words.terms} ${shownNumber(number)}`,
      shell: 'desk',
      private: true,
      faults,
      ...(shown.refused ? { status: 409 } : {}),
    },
    <>
      <RequestHead
        number={number}
        title={row.categoryName?.[at.language] ?? row.category}
        faults={faults}
        done={done}
        refused={shown.refused && (words.refused[shown.refused] ?? words.refusedOther)}
        back={{ title: words.back, href: shift.href('') }}
        badge={<StateBadge language={at.language} state={row.state} closing={row.closing} />}
      />
      <SummaryList
        rows={[
          { name: at.text.place, value: row.address ?? at.text.noPlace },
          { name: at.text.executor, value: row.organisationName?.[at.language] ?? at.text.noExecutor },
          ...clocks.map((clock) => ({ name: at.text.clocks[clock.kind], value: at.time(clock.due) })),
        ]}
      />
      <p>
        <a href={at.href(`/desk/requests/${number}`)}>{words.request}</a> ·{' '}
        <a href={at.href(`/desk/requests/${number}/terms`)}>{words.how}</a>
      </p>
      <Section title={words.plan}>
        <p>{planState && row.planned ? words[planState](at.time(row.planned)) : words.noPlan}</p>
        {planState === 'planOn' && may('approve_plan') && (
          <Form action={action} csrf={csrf} idempotencyKey={randomUUID()} hidden={{ go: 'approve' }}>
            <p>{words.approveWhy}</p>
            <Actions>
              <Button icon="check">{words.approve}</Button>
            </Actions>
          </Form>
        )}
      </Section>
      {may('extend') && (
        <Section title={words.extend}>
          {running.length === 0 ? (
            <p class="muted">{words.noClocks}</p>
          ) : (
            <Form
              action={action}
              csrf={csrf}
              idempotencyKey={randomUUID()}
              faults={faults}
              hidden={{ go: 'extend' }}
            >
              <p>{words.extendLead}</p>
              {running.some(({ kind }) => kind === 'statutory') && <p>{words.extendLaw}</p>}
              <Radios
                name="kind"
                label={words.which}
                value={typed.kind ?? (running.length === 1 ? running[0]!.kind : '')}
                options={running.map((clock) => ({
                  value: clock.kind,
                  label: `${at.text.clocks[clock.kind]}: ${at.time(clock.due)}`,
                }))}
              />
              <DateInput name="until" label={words.until} value={typed.until ?? ''} />
              <TextInput
                name="reason"
                label={words.reason}
                hint={words.reasonHint}
                value={typed.reason ?? ''}
              />
              <TextArea
                name="note"
                label={words.note}
                hint={words.noteHint}
                rows={3}
                value={typed.note ?? ''}
              />
              <Actions>
                <Button>{words.extendGo}</Button>
              </Actions>
            </Form>
          )}
        </Section>
      )}
    </>,
  );
}

function numberIn(c: Context<MistoEnv>): string {
  const number = typedNumber(c.req.param('number') ?? '');
  if (number.length !== 11) throw new NotFound('request');
  return number;
}
