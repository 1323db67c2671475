import type { Context } from 'hono';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { Badge, Empty, LinkButton, Notice, PageHead, Pagination, Table } from '#ui/index.ts';
import { askedRules } from '../../loading/remember.ts';
import { frequencyOf } from '../../passport.ts';
import { isOfficer } from '../../permissions.ts';
import { FreshnessBadge, here, pageOf } from '../kit.tsx';
import { fixText } from './fix-text.ts';
import { OwedList } from './owed.tsx';
import { DueList } from './promise.tsx';
import { ownDatasets, ownUnits } from './reads.ts';
import { deskText } from './text.ts';

const perPage = 50;

/** `/open-data/desk`: the datasets of the publisher's unit, those that want something first. */
export function list(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const own = deskText(at.language);
    const { actor } = c.var.visit;
    const number = pageOf(c);
    const [units, found] = await Promise.all([
      ownUnits(platform.db, actor),
      ownDatasets(platform.db, actor, { limit: perPage, offset: (number - 1) * perPage }),
    ]);
    const create = units.length > 0 && <LinkButton href={at.href('/desk/new')}>{own.create}</LinkButton>;
    const keys = (
      <LinkButton look="quiet" href={at.href('/desk/tokens')}>
        {own.keys}
      </LinkButton>
    );
    const asked = isOfficer(actor) ? await askedRules(platform.db) : [];
    return page(
      c,
      { title: own.desk, shell: 'desk', width: 'wide' },
      <>
        <PageHead
          title={own.desk}
          lead={own.deskLead}
          actions={
            <>
              {keys}
              {create}
            </>
          }
        />
        {number === 1 && (
          <DueList at={at} datasets={found.rows} now={platform.clock.now()} csrf={c.var.visit.csrfToken()} />
        )}
        {number === 1 && !isOfficer(actor) && (await OwedList({ platform, at, units }))}
        {asked.length > 0 && (
          <Notice tone="warning">
            <p>
              <a href={at.href('/desk/approvals')}>
                {fixText(at.language).approvals}: {at.number(asked.length)}
              </a>
            </p>
          </Notice>
        )}
        <Table
          caption={own.desk}
          quietCaption
          columns={[
            {
              key: 'title',
              title: own.title,
              header: true,
              cell: (row) => <a href={at.href(`/desk/dataset/${row.name}`)}>{row.title || row.name}</a>,
            },
            { key: 'organisation', title: own.organisation, cell: (row) => row.organisation },
            {
              key: 'state',
              title: own.state,
              cell: (row) => (
                <>
                  {own.states[row.state] ?? row.state}{' '}
                  {row.private && <Badge tone="warning">{at.text.hidden}</Badge>}
                  {row.troubled && <Badge tone="danger">{own.loadStates[row.troubled]}</Badge>}
                </>
              ),
            },
            {
              key: 'due',
              title: own.due,
              cell: (row) => (
                <>
                  {row.due ? at.date(new Date(row.due)) : frequencyOf(row.frequency).title[at.language]}{' '}
                  <FreshnessBadge
                    at={at}
                    due={row.due}
                    frequency={row.frequency ?? undefined}
                    now={platform.clock.now()}
                  />
                </>
              ),
            },
            { key: 'files', title: own.files, numeric: true, cell: (row) => at.number(row.resources) },
          ]}
          rows={found.rows}
          rowKey={(row) => row.id}
          empty={
            <Empty title={own.none} icon="data" action={create || undefined}>
              <p>{own.noneWhy}</p>
            </Empty>
          }
        />
        <Pagination
          page={number}
          pages={Math.ceil(found.total / perPage)}
          href={(target) => at.href('/desk', { page: target })}
          summary={
            found.total > 0
              ? at.text.shown(
                  at.number((number - 1) * perPage + 1),
                  at.number(Math.min(number * perPage, found.total)),
                  at.number(found.total),
                )
              : ''
          }
        />
      </>,
    );
  };
}
