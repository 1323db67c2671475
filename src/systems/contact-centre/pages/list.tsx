import type { Context } from 'hono';
import { page } from '#platform/http/page.tsx';
import { messages } from '#platform/i18n/index.ts';
import { excerpt, highlight, readSearch, type Search } from '#platform/search/index.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { Card, Empty, FilterBar, Grid, PageHead, Pagination, Select, TextInput } from '#ui/index.ts';
import { few, meantBy } from '../search.ts';
import { closings, states } from '../states.ts';
import { type Here, here, pageOf, StateBadge } from './kit.tsx';
import { thumbnailOf } from './photos.tsx';
import {
  branchesOf,
  districtsOf,
  type ListFilter,
  listRequests,
  organisationsOf,
  type RequestCard,
} from './reads.ts';
import { shownNumber, stateName } from './text.ts';

const words = messages(
  {
    title: 'Заявки міста',
    lead: 'Оприлюднені заявки без персональних даних.',
    q: 'Слово, адреса або номер',
    any: 'Усі',
    open: 'Усі відкриті',
    overdue: 'Лише з порушеним строком',
    shown: (from: string, to: string, total: string) => `${from}–${to} з ${total}`,
    none: 'Нічого не знайдено',
    noneWhy: 'Зніміть частину фільтрів або напишіть інше слово.',
    meant: 'Можливо, ви шукали',
  },
  {
    en: {
      title: 'Requests of the city',
      lead: 'Published requests, free of personal data.',
      q: 'Word, address or number',
      any: 'All',
      open: 'All open',
      overdue: 'Only overdue',
      shown: (from, to, total) => `${from}–${to} of ${total}`,
      none: 'Nothing found',
      noneWhy: 'Drop some filters or try another word.',
      meant: 'Did you mean',
    },
  },
);

const perPage = 50;

/** `/contact-centre/requests`: every published request, narrowed by what people look for. */
export function list(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const own = words(at.language);
    const query = c.req.query();
    const number = pageOf(c);
    const filter: ListFilter = {
      ...(query.q ? { q: query.q.slice(0, 200) } : {}),
      ...(query.state ? { state: query.state } : {}),
      ...(query.branch ? { branch: query.branch } : {}),
      ...(query.district ? { district: query.district } : {}),
      ...(query.organisation ? { organisation: query.organisation } : {}),
      ...(query.overdue ? { overdueAt: platform.clock.now() } : {}),
    };
    const [districts, branches, organisations, found] = await Promise.all([
      districtsOf(platform.db, at.language),
      branchesOf(platform.db, at.language),
      organisationsOf(platform.db, at.language),
      listRequests(platform.db, at.language, filter, perPage, (number - 1) * perPage),
    ]);
    const meant = filter.q && found.total < few ? await meantBy(platform.db, filter.q) : null;
    const kept = {
      q: query.q,
      state: query.state,
      branch: query.branch,
      district: query.district,
      organisation: query.organisation,
      overdue: query.overdue,
    };
    const stateOptions = [
      { value: 'open', label: own.open },
      ...states
        .filter((state) => state !== 'closed')
        .map((state) => ({ value: state as string, label: stateName(at.language, state, null) })),
      ...closings.map((closing) => ({
        value: `closed:${closing}`,
        label: stateName(at.language, 'closed', closing),
      })),
    ];
    const options = (rows: readonly { code: string; name: string }[]) =>
      rows.map((row) => ({ value: row.code, label: row.name }));
    const labels: Record<string, string | undefined> = {
      q: query.q,
      state: stateOptions.find((option) => option.value === query.state)?.label,
      branch: branches.find((row) => row.code === query.branch)?.name,
      district: districts.find((row) => row.code === query.district)?.name,
      organisation: organisations.find((row) => row.code === query.organisation)?.name,
      overdue: query.overdue ? own.overdue : undefined,
    };
    const active = Object.entries(labels).flatMap(([name, label]) =>
      label ? [{ label, removeHref: at.href('/requests', { ...kept, [name]: undefined }) }] : [],
    );
    const first = (number - 1) * perPage + 1;
    return page(
      c,
      { title: own.title, description: own.lead, width: 'wide' },
      <>
        <PageHead title={own.title} lead={own.lead} kicker={<a href={at.href('')}>{at.text.centre}</a>} />
        <FilterBar action={at.href('/requests')} active={active} clearHref={at.href('/requests')}>
          <TextInput name="q" label={own.q} value={query.q ?? ''} />
          <Select
            name="state"
            label={at.text.state}
            options={stateOptions}
            value={query.state ?? ''}
            empty={own.any}
          />
          <Select
            name="branch"
            label={at.text.category}
            options={options(branches)}
            value={query.branch ?? ''}
            empty={own.any}
          />
          <Select
            name="district"
            label={at.text.district}
            options={options(districts)}
            value={query.district ?? ''}
            empty={own.any}
          />
          <Select
            name="organisation"
            label={at.text.executor}
            options={options(organisations)}
            value={query.organisation ?? ''}
            empty={own.any}
          />
        </FilterBar>
        {meant && (
          <p>
            {own.meant}: <a href={at.href('/requests', { ...kept, q: meant })}>{meant}</a>
          </p>
        )}
        {found.rows.length === 0 ? (
          <Empty title={own.none} icon="search">
            <p>{own.noneWhy}</p>
          </Empty>
        ) : (
          <RequestCards at={at} rows={found.rows} q={query.q} />
        )}
        <Pagination
          page={number}
          pages={Math.ceil(found.total / perPage)}
          href={(target) => at.href('/requests', { ...kept, page: target })}
          summary={
            found.total > 0
              ? own.shown(
                  at.number(first),
                  at.number(Math.min(first + perPage - 1, found.total)),
                  at.number(found.total),
                )
              : at.text.count(0)
          }
        />
      </>,
    );
  };
}

/** Requests as cards: what, where, how it stands. */
export function RequestCards(props: {
  at: Here;
  rows: readonly RequestCard[];
  level?: 2 | 3;
  /** What was looked for: marked where it stands. */
  q?: string | undefined;
}) {
  const { at } = props;
  const search = props.q ? readSearch(props.q) : null;
  return (
    <Grid min="wide">
      {props.rows.map((row) => (
        <Card
          key={row.number}
          level={props.level ?? 3}
          title={row.categoryName}
          href={at.href(`/requests/${row.number}`)}
          aside={<StateBadge language={at.language} state={row.state} closing={row.closing} />}
          photo={row.photo && thumbnailOf(at, row.photo, row.categoryName)}
          footer={
            <span class="muted">
              <span class="mono">{shownNumber(row.number)}</span> ·{' '}
              <time dateTime={row.createdAt.toISOString()}>{at.date(row.createdAt)}</time>
              {row.reporters > 1 && ` · ${at.text.reporters(row.reporters)}`}
            </span>
          }
        >
          <p>
            <Marked text={excerpt(row.text ?? at.text.hiddenText, search)} search={search} />
          </p>
          <p class="muted">
            <Marked text={row.address ?? row.districtName ?? at.text.noPlace} search={search} />
          </p>
        </Card>
      ))}
    </Grid>
  );
}

/** A text in which the words that were looked for are marked. */
function Marked(props: { text: string; search: Search | null }) {
  return (
    <>
      {highlight(props.text, props.search).map((piece) =>
        piece.hit ? <mark>{piece.text}</mark> : piece.text,
      )}
    </>
  );
}
