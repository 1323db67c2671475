import { Conflict } from '#platform/errors.ts';
import { Actions, Button, Empty, Notice, PageHead, Section, Table } from '#ui/index.ts';
import { atOnce, previewReroute, rerouteOpen } from '../../../reroute.ts';
import { shownNumber, stateName } from '../../text.ts';
import { ActForm, type Desk, namesFor, organisationName, rulesPage, sent } from './kit.tsx';

/** `/desk/rules/reroute`: which open requests the rules in force would send elsewhere, and the act that moves them. */
export async function reroutePage(desk: Desk, problem?: string): Promise<Response> {
  const { words, at } = desk;
  const t = words.reroute;
  const [preview, city] = await Promise.all([
    previewReroute(desk.platform.db, desk.platform.clock.now()),
    namesFor(desk, []),
  ]);
  const name = (id: string | null) => organisationName(desk, city, id);
  const moved = desk.c.req.query('moved');
  const mayMove = desk.may('rule_publish') && desk.may('reassign');
  const count = at.number(preview.requests.length);
  return rulesPage(
    desk,
    { title: words.rerouteTitle, trail: [], ...(problem ? { status: 409 } : {}) },
    <>
      {problem && (
        <Notice tone="danger" live>
          <p>{problem}</p>
        </Notice>
      )}
      {moved && /^\d+$/.test(moved) && (
        <Notice tone="good" live>
          <p>{t.done(at.number(Number(moved)))}</p>
        </Notice>
      )}
      <PageHead title={words.rerouteTitle} kicker={words.version(city.rules.version)} lead={t.lead} />
      <p class="muted">{t.which}</p>
      {preview.requests.length === 0 ? (
        <Empty title={t.none} icon="check">
          <p>{t.noneWhy}</p>
        </Empty>
      ) : (
        <>
          <Section title={t.groups}>
            <Table
              caption={t.groups}
              quietCaption
              rows={preview.groups}
              rowKey={(row) => `${row.from} ${row.to}`}
              columns={[
                { key: 'from', title: words.from, header: true, cell: (row) => name(row.from) },
                { key: 'to', title: words.to, cell: (row) => name(row.to) },
                { key: 'count', title: words.count, numeric: true, cell: (row) => at.number(row.count) },
              ]}
            />
          </Section>
          <Section title={t.list}>
            {preview.more && <p class="muted">{t.more(atOnce)}</p>}
            <Table
              caption={t.list}
              quietCaption
              rows={preview.requests}
              rowKey={(row) => row.number}
              columns={[
                {
                  key: 'number',
                  title: words.number,
                  header: true,
                  nowrap: true,
                  cell: (row) => <span class="mono">{shownNumber(row.number)}</span>,
                },
                { key: 'state', title: words.status, cell: (row) => stateName(at.language, row.state, null) },
                {
                  key: 'category',
                  title: words.category,
                  cell: (row) => city.leaves.get(row.category)?.leaf.name[at.language] ?? row.category,
                },
                { key: 'from', title: words.from, cell: (row) => name(row.from) },
                { key: 'to', title: words.to, cell: (row) => name(row.to) },
                { key: 'rule', title: words.rule, cell: (row) => row.decision.rule },
              ]}
            />
          </Section>
          {mayMove ? (
            <ActForm desk={desk} action={desk.href('/reroute')} hidden={{ digest: preview.digest }}>
              <p class="muted">{t.actWhy}</p>
              <Actions>
                <Button>{t.act(count)}</Button>
              </Actions>
            </ActForm>
          ) : (
            <Notice>
              <p>{t.mayNot}</p>
            </Notice>
          )}
        </>
      )}
    </>,
  );
}

/** Moves exactly what was previewed. */
export async function rerouteAct(desk: Desk): Promise<Response> {
  const { values } = await sent(desk.c);
  try {
    const moved = await desk.run((work) => rerouteOpen(work, values.digest ?? ''));
    return desk.c.redirect(desk.href('/reroute', { moved }), 303);
  } catch (error) {
    if (!(error instanceof Conflict) || error.code !== 'stale') throw error;
    return reroutePage(desk, desk.words.reroute.stale);
  }
}
