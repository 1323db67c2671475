import type { Context } from 'hono';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { Breadcrumbs, LinkButton, PageHead, Pagination, Table } from '#ui/index.ts';
import { assignmentsOf } from '../../../obligations/assignments.ts';
import { allObligations } from '../../../obligations/obligations.ts';
import { here, pageOf } from '../../kit.tsx';
import { validityOf } from './kit.tsx';
import { boardText } from './text.ts';

const perPage = 50;

/** `/open-data/board/obligations`: the list of the law as rows, past and coming ones too. */
export function obligations(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const own = boardText(at.language);
    const number = pageOf(c);
    const [all, assignments] = await Promise.all([allObligations(platform.db), assignmentsOf(platform.db)]);
    const units = Map.groupBy(assignments, (one) => one.code);
    const from = (number - 1) * perPage;
    const rows = all.slice(from, from + perPage);
    return page(
      c,
      { title: own.obligations, shell: 'desk', width: 'wide' },
      <>
        <Breadcrumbs items={[{ title: own.board, href: at.href('/board') }]} />
        <PageHead
          title={own.obligations}
          actions={<LinkButton href={at.href('/board/obligations/new')}>{own.add}</LinkButton>}
        />
        <Table
          caption={own.obligations}
          quietCaption
          rows={rows}
          rowKey={(one) => one.id}
          columns={[
            {
              key: 'title',
              title: own.title,
              header: true,
              cell: (one) => <a href={at.href(`/board/obligations/${one.id}`)}>{one.title}</a>,
            },
            {
              key: 'code',
              title: own.code,
              nowrap: true,
              cell: (one) => <span class="mono">{one.code}</span>,
            },
            { key: 'group', title: own.group, cell: (one) => one.group[at.language] },
            {
              key: 'appendix',
              title: own.appendix,
              cell: (one) => (one.appendix === null ? own.free : at.number(one.appendix)),
            },
            { key: 'validity', title: own.validity, cell: (one) => validityOf(at, own, one) },
            {
              key: 'units',
              title: own.units,
              numeric: true,
              cell: (one) => at.number(units.get(one.code)?.length ?? 0),
            },
          ]}
        />
        <Pagination
          page={number}
          pages={Math.ceil(all.length / perPage)}
          href={(target) => at.href('/board/obligations', { page: target })}
          summary={
            rows.length > 0
              ? own.shown(at.number(from + 1), at.number(from + rows.length), at.number(all.length))
              : ''
          }
        />
      </>,
    );
  };
}
