import { Actions, LinkButton } from '#ui/index.ts';
import { placesOf } from '../columnar/places.ts';
import { mostSheetRows } from '../columnar/workbook.ts';
import type { StoredTable } from '../datastore/tables.ts';
import { type Asked, filtersOf, isNarrowed, narrowedQuery, sortWish } from './asked.ts';
import { type Here, type Query, queryString, type ServedResource, sizeOf } from './kit.tsx';
import { apiOf } from './versions/kit.tsx';
import { viewText } from './view-text.ts';

/** The file as it came, and the chosen rows in other forms. */
export function Downloads(props: {
  at: Here;
  /** Of the page of the resource, below the portal. */
  path: string;
  resource: ServedResource;
  asked: Asked;
  table: StoredTable | undefined;
}) {
  const { at, resource, asked, table } = props;
  return (
    <Actions>
      <LinkButton href={resource.url}>
        {resource.url_type === 'upload' ? at.text.original : at.text.download}
        {resource.format && ` ${resource.format}`}
        {resource.size !== null && ` (${sizeOf(at, resource.size)})`}
      </LinkButton>
      {table && (
        <p class="muted">
          {isNarrowed(asked) ? at.text.filtered : at.text.download}:{' '}
          {formsOf(at, props.path, resource, asked, table).map(([title, href], n) => (
            <>
              {n > 0 && ' · '}
              <a href={href}>{title}</a>
            </>
          ))}
        </p>
      )}
    </Actions>
  );
}

/** Forms of the chosen rows with their addresses; a sheet that would not hold them is left out. */
function formsOf(
  at: Here,
  path: string,
  resource: ServedResource,
  asked: Asked,
  table: StoredTable,
): (readonly [title: string, href: string])[] {
  const chosen: Query = {
    q: asked.q,
    filters: asked.conditions.length > 0 ? JSON.stringify(filtersOf(asked)) : '',
    sort: asked.sort && sortWish(asked.sort),
  };
  const dump = (format: string) =>
    `${at.site}/datastore/dump/${resource.id}${queryString({ format, ...chosen })}`;
  const exported = (format: string) => apiOf(at, resource.id, `/export.${format}${queryString(chosen)}`);
  const isDump = resource.url_type === 'datastore' && !isNarrowed(asked);
  const fitsSheet = isNarrowed(asked) || (table.rows ?? 0) <= mostSheetRows;
  return [
    ...(isDump ? [] : ([['CSV', dump('csv')]] as const)),
    [
      viewText(at.language).excel,
      at.href(`${path}/excel.csv`, { ...narrowedQuery(asked), sort: asked.sort }),
    ],
    ...(fitsSheet ? ([['XLSX', exported('xlsx')]] as const) : []),
    ['JSON', dump('json')],
    ['XML', dump('xml')],
    ['Parquet', exported('parquet')],
    ...(placesOf(table.fields) ? ([['GeoJSON', exported('geojson')]] as const) : []),
  ];
}
