import type { Context } from 'hono';
import { mustBeAble } from '#platform/access/index.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { Badge, Empty, LinkButton, PageHead, Pagination, Search, Table } from '#ui/index.ts';
import { moderationList, moderationSize } from '../../../lists/index.ts';
import { permission } from '../../../permissions.ts';
import { here } from '../../kit.tsx';
import { shownNumber, typedNumber } from '../../text.ts';
import { moderatorText } from './text.ts';

/** `/desk/moderator`: words and photos that wait, oldest first. */
export function moderatorList(platform: Platform) {
  return async (c: Context<MistoEnv>): Promise<Response> => {
    const { actor } = c.var.visit;
    if (!actor.grants.some((grant) => grant.permissions.has(permission('publish'))))
      mustBeAble(actor, permission('publish'));
    const at = here(c);
    const words = moderatorText(at.language);
    const wanted = typedNumber(c.req.query('number') ?? '');
    if (wanted.length === 11) return c.redirect(at.href(`/desk/moderator/${wanted}`), 303);
    const [found, size] = await Promise.all([
      moderationList(platform.db, actor, { after: c.req.query('after') ?? null }),
      moderationSize(platform.db, actor),
    ]);
    const done = words.done[c.req.query('done') ?? ''];
    return page(
      c,
      { title: words.title, shell: 'desk', private: true },
      <>
        <PageHead title={words.title} lead={words.lead} kicker={words.waiting(at.number(size))} />
        {done && <p role="status">{done}</p>}
        <Search
          action={at.href('/desk/moderator')}
          name="number"
          label={words.find}
          placeholder={words.find}
        />
        <Table
          caption={words.title}
          quietCaption
          rows={found.rows}
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
                  {row.categoryName?.[at.language] ?? row.category}
                  <br />
                  <span class="muted mono">{shownNumber(row.number)}</span>
                </>
              ),
            },
            { key: 'text', title: words.masked, cell: (row) => row.text ?? '–' },
            {
              key: 'photos',
              title: words.photos,
              cell: (row) =>
                row.photosWaiting > 0 ? (
                  <Badge tone="warning">{words.waiting(at.number(row.photosWaiting))}</Badge>
                ) : (
                  '–'
                ),
            },
            { key: 'at', title: at.text.created, nowrap: true, cell: (row) => at.time(row.createdAt) },
            {
              key: 'open',
              title: words.open,
              cell: (row) => (
                <LinkButton size="small" href={at.href(`/desk/moderator/${row.number}`)}>
                  {words.open}
                </LinkButton>
              ),
            },
          ]}
        />
        <Pagination next={found.next && at.href('/desk/moderator', { after: found.next })} />
      </>,
    );
  };
}
