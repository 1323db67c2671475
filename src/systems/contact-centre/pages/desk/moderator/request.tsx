import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Context } from 'hono';
import { z } from 'zod';
import { type FieldFault, NotFound } from '#platform/errors.ts';
import { filesOf, readFile } from '#platform/files/index.ts';
import { readForm } from '#platform/http/forms.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import {
  Actions,
  Badge,
  Button,
  Details,
  Form,
  Notice,
  Photos,
  Radios,
  Section,
  TextArea,
} from '#ui/index.ts';
import { blackOut, boxes } from '../../../black-boxes.ts';
import { deskRequest } from '../../../lists/index.ts';
import { originalTextOf, purposes } from '../../../personal.ts';
import { receivePhotos } from '../../../photos.ts';
import {
  coverPhoto,
  judgePhoto,
  photoFile,
  publicationOf,
  publishRequest,
  withholdRequest,
} from '../../../publishing.ts';
import { here } from '../../kit.tsx';
import { shownNumber, typedNumber } from '../../text.ts';
import { RequestHead } from '../frame.tsx';
import { tryAct } from '../kit.tsx';
import { moderatorText } from './text.ts';

interface Shown {
  readonly faults?: readonly FieldFault[];
  readonly typed?: Readonly<Record<string, string>>;
  readonly refused?: boolean;
  /** What the reporter wrote, on this one page only; null when it cannot be opened. */
  readonly original?: { readonly text: string | null };
}

/** `/desk/moderator/{number}`: what of one request everybody may see. */
export const moderatorPage = (platform: Platform) => (c: Context<MistoEnv>) => draw(platform, c, {});

/** The same where a picture was being covered: a reload, or the language link, comes by GET and opens nothing. */
export function coverPage(platform: Platform) {
  return async (c: Context<MistoEnv>): Promise<Response> => {
    await mustHavePhoto(platform, c);
    return draw(platform, c, {});
  };
}

/** @throws NotFound, Forbidden. @returns the file of the photo that the path names. */
function mustHavePhoto(platform: Platform, c: Context<MistoEnv>): Promise<string> {
  const { actor, requestId } = c.var.visit;
  return platform.work(
    actor,
    async (work) => {
      await publicationOf(work, numberIn(c));
      return photoFile(work, numberIn(c), c.req.param('photo') ?? '');
    },
    { requestId },
  );
}

/** The original, opened by a deliberate act that the person will see; it is kept nowhere but on this page. */
export function originalPage(platform: Platform) {
  return async (c: Context<MistoEnv>): Promise<Response> => {
    const number = numberIn(c);
    const text = await platform.work(
      c.var.visit.actor,
      async (work) => {
        // Whoever may not see this page has not looked.
        await publicationOf(work, number);
        return originalTextOf(work, number, purposes.moderation);
      },
      { requestId: c.var.visit.requestId },
    );
    return draw(platform, c, { original: { text } });
  };
}

const schema = z.object({
  go: z.enum(['publish', 'withhold', 'photo']),
  text: z.string().max(4_000).default(''),
  ground: z.string().max(500).default(''),
  photo: z.string().default(''),
  verdict: z.enum(['publish', 'refuse']).optional(),
});

export function moderatorAct(platform: Platform) {
  return async (c: Context<MistoEnv>): Promise<Response> => {
    const at = here(c);
    const words = moderatorText(at.language);
    const number = numberIn(c);
    const form = await readForm(c, schema);
    const { data } = form;
    if (!data) return draw(platform, c, { faults: form.faults, typed: form.values });
    const { actor, requestId } = c.var.visit;
    const made = await tryAct(() =>
      platform.work(
        actor,
        (work) =>
          data.go === 'publish'
            ? publishRequest(work, number, { text: data.text })
            : data.go === 'withhold'
              ? withholdRequest(work, number, data.ground)
              : judgePhoto(work, number, data.photo, data.verdict ?? 'refuse'),
        { requestId },
      ),
    );
    if (made.kind === 'faults')
      return draw(platform, c, {
        faults: made.faults.map(({ field }) => ({ field, message: words.fill })),
        typed: form.values,
      });
    if (made.kind === 'refused') return draw(platform, c, { refused: true, typed: form.values });
    const done = { publish: 'published', withhold: 'withheld', photo: 'photo' }[data.go];
    return c.redirect(at.href(`/desk/moderator/${number}`, { done }), 303);
  };
}

/** Cells to paint black; the picture is drawn before the transaction, since drawing takes time. */
export function coverAct(platform: Platform) {
  return async (c: Context<MistoEnv>): Promise<Response> => {
    const at = here(c);
    const words = moderatorText(at.language);
    const number = numberIn(c);
    const photo = c.req.param('photo') ?? '';
    const file = await mustHavePhoto(platform, c);
    const form = await readForm(c, z.object({ cell: z.array(z.string()) }));
    const cells = (form.lists.cell ?? [])
      .map(Number)
      .filter((n) => Number.isInteger(n) && n >= 0 && n < boxes.columns * boxes.rows);
    if (cells.length === 0)
      return draw(platform, c, { faults: [{ field: 'cell', message: words.chooseCells }] });
    const { actor, requestId, language } = c.var.visit;
    const run = <T,>(act: Parameters<typeof platform.work<T>>[1]) => platform.work(actor, act, { requestId });
    const made = await tryAct(async () => {
      const content = await blackOut(await readFile(platform.db, filesOf(platform.config), file), cells);
      const { photos } = await receivePhotos(platform, actor, [{ name: 'covered.jpg', content }], {
        language,
        requestId,
      });
      await run((work) => coverPhoto(work, number, photo, photos[0]!));
    });
    if (made.kind !== 'done') return draw(platform, c, { refused: true });
    return c.redirect(at.href(`/desk/moderator/${number}`, { done: 'photo' }), 303);
  };
}

async function draw(platform: Platform, c: Context<MistoEnv>, shown: Shown): Promise<Response> {
  const at = here(c);
  const words = moderatorText(at.language);
  const number = numberIn(c);
  const { actor, requestId } = c.var.visit;
  const now = await platform.work(actor, (work) => publicationOf(work, number), { requestId });
  const row = await deskRequest(platform.db, actor, number);
  if (!row) throw new NotFound('request');
  const { rows: photos } = await platform.db.execute<Record<string, unknown>>(
    sql`select id, kind, width, height, public, moderated_at is not null as judged from cc_photo
      where request = ${number} order by at, id limit 50`,
  );
  const faults = shown.faults ?? [];
  const done = faults.length || shown.refused ? undefined : words.done[c.req.query('done') ?? ''];
  const path = at.href(`/desk/moderator/${number}`);
  const csrf = c.var.visit.csrfToken();
  const form = (hidden: Record<string, string>) => ({
    action: path,
    csrf,
    idempotencyKey: randomUUID(),
    faults,
    hidden,
  });
  const isOut = now.publication === 'published' || now.publication === 'removed';
  return page(
    c,
    {
      title: `${words.title} ${shownNumber(number)}`,
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
        refused={shown.refused ? words.refused : undefined}
        back={{ title: words.back, href: at.href('/desk/moderator') }}
        badge={
          <Badge tone={now.publication === 'published' ? 'good' : 'warning'}>
            {words.states[now.publication]}
          </Badge>
        }
      />
      {now.closed ? (
        <Notice>
          <p>{words.closed}</p>
        </Notice>
      ) : (
        <>
          <Form {...form({ go: 'publish' })}>
            <TextArea
              name="text"
              label={words.edit}
              hint={words.editHint}
              rows={6}
              value={shown.typed?.text ?? now.text}
            />
            <Actions>
              <Button icon="check">{words.publish}</Button>
            </Actions>
          </Form>
          <Section title={words.original}>
            {shown.original ? (
              <blockquote>{shown.original.text ?? words.originalGone}</blockquote>
            ) : (
              // No submission id: an answer kept for a repeat would keep the original with it.
              <Form action={`${path}/original`} csrf={csrf}>
                <p>{words.originalWhy}</p>
                <Actions>
                  <Button look="secondary">{words.originalOpen}</Button>
                </Actions>
              </Form>
            )}
          </Section>
          <Section title={isOut ? words.remove : words.withhold}>
            <Form {...form({ go: 'withhold' })}>
              <Radios
                name="ground"
                label={words.ground}
                hint={words.groundTold}
                value={shown.typed?.ground ?? ''}
                options={words.grounds.map((ground) => ({ value: ground, label: ground }))}
              />
              <Actions>
                <Button look="danger">{words.withholdGo}</Button>
              </Actions>
            </Form>
          </Section>
        </>
      )}
      <Section title={words.photos}>
        {photos.length === 0 && <p class="muted">{words.noPhotos}</p>}
        {photos.map((photo, index) => {
          const id = String(photo.id);
          const name = `${words.photo(String(index + 1))}: ${words.kinds[String(photo.kind)] ?? photo.kind}`;
          const state = photo.public ? 'open' : photo.judged ? 'refused' : 'waiting';
          return (
            <section key={id} class="card">
              <h3>{name}</h3>
              <p>
                <Badge tone={state === 'waiting' ? 'warning' : state === 'open' ? 'good' : 'neutral'}>
                  {words.photoStates[state]}
                </Badge>
              </p>
              <Photos
                photos={[
                  {
                    src: at.href(`/photos/${id}/small`),
                    href: at.href(`/photos/${id}`),
                    alt: name,
                    width: Number(photo.width ?? 4),
                    height: Number(photo.height ?? 3),
                  },
                ]}
              />
              <Form {...form({ go: 'photo', photo: id })}>
                <Actions>
                  {!now.closed && state !== 'open' && (
                    <Button size="small" name="verdict" value="publish">
                      {words.photoPublish}
                    </Button>
                  )}
                  {state !== 'refused' && (
                    <Button size="small" look="danger" name="verdict" value="refuse">
                      {words.photoRefuse}
                    </Button>
                  )}
                </Actions>
              </Form>
              {!now.closed && (
                <Details summary={words.cover}>
                  <Form
                    action={`${path}/photos/${id}/cover`}
                    csrf={csrf}
                    idempotencyKey={randomUUID()}
                    faults={faults}
                  >
                    <p id={`cover-${id}`}>{words.coverHint}</p>
                    <table aria-describedby={`cover-${id}`}>
                      <tbody>
                        {Array.from({ length: boxes.rows }, (_, y) => (
                          <tr key={y}>
                            {Array.from({ length: boxes.columns }, (_, x) => (
                              <td key={x}>
                                <input
                                  type="checkbox"
                                  name="cell"
                                  value={String(y * boxes.columns + x)}
                                  aria-label={words.cell(String(y + 1), String(x + 1))}
                                />
                              </td>
                            ))}
                          </tr>
                        ))}
                      </tbody>
                    </table>
                    <Actions>
                      <Button size="small" look="secondary">
                        {words.coverGo}
                      </Button>
                    </Actions>
                  </Form>
                </Details>
              )}
            </section>
          );
        })}
      </Section>
    </>,
  );
}

function numberIn(c: Context<MistoEnv>): string {
  const number = typedNumber(c.req.param('number') ?? '');
  if (number.length !== 11) throw new NotFound('request');
  return number;
}
