import type { Context, Hono } from 'hono';
import { mustBeAble } from '#platform/access/index.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { Empty, PageHead, Pagination, Table } from '#ui/index.ts';
import { legalHolds } from '../../../legal-holds.ts';
import { permission } from '../../../permissions.ts';
import { here, pageOf, StateBadge } from '../../kit.tsx';
import { shownNumber } from '../../text.ts';
import { holdText } from '../request/hold-text.ts';

const perPage = 50;

/** `/desk/legal-holds`: requests whose personal data is kept for a court, the newest hold first. */
export function mountLegalHolds(app: Hono<MistoEnv>, platform: Platform): void {
  app.get('/legal-holds', async (c: Context<MistoEnv>): Promise<Response> => {
    const { actor } = c.var.visit;
    if (!actor.grants.some((grant) => grant.permissions.has(permission('legal_hold'))))
      mustBeAble(actor, permission('legal_hold'));
    const at = here(c);
    const words = holdText(at.language);
    const current = pageOf(c);
    const offset = (current - 1) * perPage;
    const { rows, total } = await legalHolds(platform.db, actor, { limit: perPage, offset });
    return page(
      c,
      { title: words.listTitle, shell: 'desk', width: 'full', private: true },
      <>
        <PageHead title={words.listTitle} lead={words.listLead} />
        <Table
          caption={words.listTitle}
          quietCaption
          rows={rows}
          rowKey={(row) => row.number}
          empty={
            <Empty title={words.none}>
              <p>{words.noneWhy}</p>
            </Empty>
          }
          columns={[
            {
              key: 'request',
              title: words.request,
              header: true,
              cell: (row) => (
                <>
                  <a href={at.href(`/desk/requests/${row.number}`)}>{row.category[at.language]}</a>
                  <br />
                  <span class="muted mono">{shownNumber(row.number)}</span>
                </>
              ),
            },
            { key: 'place', title: at.text.place, cell: (row) => row.address ?? at.text.noPlace },
            {
              key: 'state',
              title: at.text.state,
              cell: (row) => <StateBadge language={at.language} state={row.state} closing={row.closing} />,
            },
            { key: 'reason', title: words.ground, cell: (row) => row.reason },
            { key: 'since', title: words.since, nowrap: true, cell: (row) => at.time(row.since) },
            { key: 'by', title: words.by, cell: (row) => row.by || '–' },
          ]}
        />
        <Pagination
          page={current}
          pages={Math.max(1, Math.ceil(total / perPage))}
          href={(n) => at.href('/desk/legal-holds', { page: n === 1 ? null : n })}
          {...(rows.length > 0
            ? {
                summary: words.shown(
                  at.number(offset + 1),
                  at.number(offset + rows.length),
                  at.number(total),
                ),
              }
            : {})}
        />
      </>,
    );
  });
}
