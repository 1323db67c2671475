import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { z } from 'zod';
import type { FieldFault } from '#platform/errors.ts';
import { readForm } from '#platform/http/forms.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import {
  Actions,
  BackLink,
  Button,
  ErrorSummary,
  Form,
  Grid,
  PageHead,
  Section,
  SummaryList,
  TextArea,
} from '#ui/index.ts';
import { passEvidence } from '../../../calls.ts';
import { act } from '../../../moves.ts';
import { StateBadge } from '../../kit.tsx';
import { shownNumber } from '../../text.ts';
import { tryAct } from '../kit.tsx';
import { claimOf } from './claims.ts';
import { type Controlling, controllerPage, controlling, Marks, nameOf, numberIn } from './kit.tsx';

interface Shown {
  readonly faults?: readonly FieldFault[];
  readonly typed?: Readonly<Record<string, string>>;
  readonly refused?: string;
}

/** `/desk/controller/evidence/{number}`: may the residents be asked about this claim? */
export const evidencePage = (platform: Platform) => (c: Context<MistoEnv>) =>
  draw(controlling(platform, c), {});

const schema = z.object({
  go: z.enum(['pass', 'reject']),
  comment: z.string().max(2_000).default(''),
  version: z.coerce.number().int().optional(),
});

export function evidenceAct(platform: Platform) {
  return async (c: Context<MistoEnv>): Promise<Response> => {
    const desk = controlling(platform, c);
    const number = numberIn(c);
    const form = await readForm(c, schema);
    const { data } = form;
    if (!data) return draw(desk, { faults: form.faults, typed: form.values });
    if (data.go === 'reject' && data.comment.length < 2)
      return draw(desk, {
        faults: [{ field: 'comment', message: desk.words.fill }],
        typed: form.values,
      });
    const made = await tryAct<unknown>(() =>
      desk.run<unknown>((work) =>
        data.go === 'pass'
          ? passEvidence(work, number)
          : act(work, number, 'reject', {
              comment: data.comment,
              ...(data.version === undefined ? {} : { version: data.version }),
            }),
      ),
    );
    if (made.kind === 'faults') return draw(desk, { faults: made.faults, typed: form.values });
    if (made.kind === 'refused') return draw(desk, { refused: made.code, typed: form.values });
    return c.redirect(desk.href('/evidence', { done: data.go === 'pass' ? 'passed' : 'rejected' }), 303);
  };
}

async function draw(desk: Controlling, shown: Shown): Promise<Response> {
  const { platform, c, at, words } = desk;
  const number = numberIn(c);
  const claim = await claimOf(platform.db, c.var.visit.actor, number);
  const { row } = claim;
  const faults = shown.faults ?? [];
  const waits = row.state === 'claimed' && claim.evidenceFaults.length > 0 && !claim.passedAt;
  const form = {
    action: desk.href(`/evidence/${number}`),
    csrf: c.var.visit.csrfToken(),
    idempotencyKey: randomUUID(),
    faults,
  };
  const version = String(row.version);
  return controllerPage(
    desk,
    { title: words.evidence.title, faults, ...(shown.refused ? { refused: shown.refused } : {}) },
    <>
      <ErrorSummary faults={faults} />
      <BackLink href={desk.href('/evidence')}>{words.back}</BackLink>
      <PageHead
        title={nameOf(at, row)}
        kicker={words.evidence.title}
        {...(waits ? { lead: words.evidence.lead } : {})}
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
          { name: at.text.executor, value: row.organisationName?.[at.language] ?? at.text.noExecutor },
          {
            name: words.claim,
            value: `${words.results[claim.result]}: ${claim.answer} (${at.time(claim.claimedAt)})`,
          },
          { name: words.evidence.marks, value: <Marks words={words} faults={claim.evidenceFaults} /> },
        ]}
      />
      <Section title={words.evidence.photos}>
        {claim.photos.length === 0 ? (
          <p class="muted">{words.evidence.noPhotos}</p>
        ) : (
          <Grid min="narrow">
            {claim.photos.map((photo) => (
              <a key={photo.id} href={at.href(`/photos/${photo.id}`)}>
                <img
                  src={at.href(`/photos/${photo.id}/small`)}
                  width={photo.width}
                  height={photo.height}
                  alt={words.evidence.kinds[photo.kind] ?? photo.kind}
                  loading="lazy"
                />
              </a>
            ))}
          </Grid>
        )}
      </Section>
      {waits && (
        <>
          <Form {...form} hidden={{ go: 'pass', version }}>
            <p>{words.evidence.passWhy}</p>
            <Actions>
              <Button icon="check">{words.evidence.pass}</Button>
            </Actions>
          </Form>
          <Form {...form} idempotencyKey={randomUUID()} hidden={{ go: 'reject', version }}>
            <TextArea
              name="comment"
              label={words.evidence.comment}
              hint={words.evidence.commentHint}
              rows={3}
              value={shown.typed?.comment ?? ''}
            />
            <Actions>
              <Button look="danger">{words.evidence.reject}</Button>
            </Actions>
          </Form>
        </>
      )}
    </>,
  );
}
