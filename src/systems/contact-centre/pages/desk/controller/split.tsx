import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { z } from 'zod';
import type { FieldFault } from '#platform/errors.ts';
import { readForm } from '#platform/http/forms.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { Actions, BackLink, Button, ErrorSummary, Form, PageHead, SummaryList, TextArea } from '#ui/index.ts';
import { dissenters, splitOff } from '../../../split.ts';
import { StateBadge } from '../../kit.tsx';
import { shownNumber } from '../../text.ts';
import { tryAct } from '../kit.tsx';
import { claimOf } from './claims.ts';
import { type Controlling, controllerPage, controlling, nameOf, numberIn } from './kit.tsx';

interface Shown {
  readonly faults?: readonly FieldFault[];
  readonly typed?: Readonly<Record<string, string>>;
  readonly refused?: string;
}

/** `/desk/controller/splits/{number}/{reporter}`: one neighbour may have another cause than the rest. */
export const splitPage = (platform: Platform) => (c: Context<MistoEnv>) => draw(controlling(platform, c), {});

const schema = z.object({ reason: z.string().max(2_000).default('') });

export function splitAct(platform: Platform) {
  return async (c: Context<MistoEnv>): Promise<Response> => {
    const desk = controlling(platform, c);
    const number = numberIn(c);
    const form = await readForm(c, schema);
    if (!form.data) return draw(desk, { faults: form.faults, typed: form.values });
    const { reason } = form.data;
    if (reason.length < 2)
      return draw(desk, { faults: [{ field: 'reason', message: desk.words.fill }], typed: form.values });
    const reporter = c.req.param('reporter') ?? '';
    const made = await tryAct(() => desk.run((work) => splitOff(work, number, { reporter, reason })));
    if (made.kind === 'faults') return draw(desk, { faults: made.faults, typed: form.values });
    if (made.kind === 'refused') return draw(desk, { refused: made.code, typed: form.values });
    return c.redirect(desk.href('/splits', { done: 'split' }), 303);
  };
}

async function draw(desk: Controlling, shown: Shown): Promise<Response> {
  const { platform, c, at, words } = desk;
  const number = numberIn(c);
  const reporter = c.req.param('reporter') ?? '';
  const { actor } = c.var.visit;
  const { row } = await claimOf(platform.db, actor, number);
  const found = (await dissenters(platform.db, actor, 200, number)).find((one) => one.reporter === reporter);
  const faults = shown.faults ?? [];
  const refused = shown.refused ?? (found ? undefined : 'nothing-to-split');
  return controllerPage(
    desk,
    { title: words.split.title, faults, ...(refused ? { refused } : {}) },
    <>
      <ErrorSummary faults={faults} />
      <BackLink href={desk.href('/splits')}>{words.back}</BackLink>
      <PageHead
        title={nameOf(at, row)}
        kicker={words.split.title}
        lead={words.split.lead}
        actions={<StateBadge language={at.language} state={row.state} closing={row.closing} />}
      />
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
          { name: at.text.place, value: row.address ?? at.text.noPlace },
          { name: at.text.text, value: row.text ?? at.text.hiddenText },
          ...(found
            ? [
                { name: at.text.people, value: words.split.people(found.people) },
                { name: words.split.said, value: <blockquote>{found.comment}</blockquote> },
              ]
            : []),
        ]}
      />
      {found && (
        <Form
          action={desk.href(`/splits/${number}/${reporter}`)}
          csrf={c.var.visit.csrfToken()}
          idempotencyKey={randomUUID()}
          faults={faults}
        >
          <TextArea
            name="reason"
            label={words.split.reason}
            hint={words.split.reasonHint}
            rows={3}
            value={shown.typed?.reason ?? ''}
          />
          <Actions>
            <Button>{words.split.go}</Button>
          </Actions>
        </Form>
      )}
    </>,
  );
}
