import { Conflict, type FieldFault, Invalid } from '#platform/errors.ts';
import {
  Actions,
  Button,
  Empty,
  ErrorSummary,
  Notice,
  PageHead,
  Section,
  Table,
  TextArea,
} from '#ui/index.ts';
import { readCity } from '../../../city.ts';
import { previewRecount, recountedAtOnce, recountTerms } from '../../../recount.ts';
import { shownNumber } from '../../text.ts';
import { type CityDesk, CityForm, cityPage, sentFlat } from './kit.tsx';
import { recountText } from './recount-text.ts';

/** `/desk/administrator/recount`: whose terms a changed calendar would move, and the act that moves them. */
export async function recountPage(
  desk: CityDesk,
  refused?: {
    readonly status: number;
    readonly note: string;
    readonly faults: readonly FieldFault[];
    readonly problem?: string;
  },
): Promise<Response> {
  const { at } = desk;
  const words = recountText(at.language);
  const { db, clock } = desk.platform;
  const [preview, city] = await Promise.all([previewRecount(db, clock.now()), readCity(db)]);
  const moved = desk.c.req.query('moved') ?? '';
  const requests = new Set(preview.clocks.map(({ number }) => number)).size;
  return cityPage(
    desk,
    {
      title: words.title,
      trail: [{ title: desk.words.kinds.day, href: desk.href('/day') }],
      faults: refused?.faults ?? [],
      ...(refused ? { status: refused.status } : {}),
    },
    <>
      <ErrorSummary faults={refused?.faults ?? []} />
      {refused?.problem && (
        <Notice tone="danger" live>
          <p>{refused.problem}</p>
        </Notice>
      )}
      {/^\d+$/.test(moved) && (
        <Notice tone="good" live>
          <p>{words.done(at.number(Number(moved)))}</p>
        </Notice>
      )}
      <PageHead title={words.title} lead={words.lead} />
      {preview.clocks.length === 0 ? (
        <Empty title={words.none} icon="check">
          <p>{words.noneWhy}</p>
        </Empty>
      ) : (
        <>
          <p class="muted">{words.which}</p>
          <Section title={words.list}>
            {preview.more && <p class="muted">{words.more(at.number(recountedAtOnce))}</p>}
            <Table
              caption={words.list}
              quietCaption
              rows={preview.clocks}
              rowKey={(row) => `${row.number} ${row.kind}`}
              columns={[
                {
                  key: 'number',
                  title: words.number,
                  header: true,
                  nowrap: true,
                  cell: (row) => <span class="mono">{shownNumber(row.number)}</span>,
                },
                {
                  key: 'category',
                  title: words.category,
                  cell: (row) => city.leaves.get(row.category)?.leaf.name[at.language] ?? row.category,
                },
                {
                  key: 'executor',
                  title: words.executor,
                  cell: (row) =>
                    row.organisation
                      ? (city.known.organisations.get(row.organisation)?.name[at.language] ??
                        row.organisation)
                      : words.nobody,
                },
                { key: 'clock', title: words.clock, cell: (row) => at.text.clocks[row.kind] },
                { key: 'before', title: words.before, nowrap: true, cell: (row) => at.time(row.before) },
                {
                  key: 'after',
                  title: words.after,
                  nowrap: true,
                  cell: (row) => <strong>{at.time(row.after)}</strong>,
                },
              ]}
            />
          </Section>
          <CityForm
            desk={desk}
            action={desk.href('/recount')}
            hidden={{ digest: preview.digest }}
            faults={refused?.faults ?? []}
          >
            <TextArea
              name="note"
              label={words.note}
              hint={words.noteHint}
              value={refused?.note ?? ''}
              rows={3}
            />
            <Actions>
              <Button>{words.go(at.number(requests))}</Button>
            </Actions>
          </CityForm>
        </>
      )}
    </>,
  );
}

/** Moves exactly what was previewed. */
export async function recountAct(desk: CityDesk): Promise<Response> {
  const { flat } = await sentFlat(desk.c);
  const words = recountText(desk.at.language);
  const note = flat.note ?? '';
  try {
    const moved = await desk.run((work) => recountTerms(work, flat.digest ?? '', note));
    return desk.c.redirect(desk.href('/recount', { moved }), 303);
  } catch (error) {
    if (error instanceof Invalid)
      return recountPage(desk, { status: 422, note, faults: [{ field: 'note', message: words.noteFault }] });
    if (!(error instanceof Conflict) || error.code !== 'stale') throw error;
    return recountPage(desk, { status: 409, note, faults: [], problem: words.stale });
  }
}
