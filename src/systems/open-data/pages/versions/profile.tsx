import { Section, Table } from '#ui/index.ts';
import type { ColumnProfile, Profile } from '../../columnar/profile.ts';
import { Value } from '../grid.tsx';
import type { Here } from '../kit.tsx';
import type { VersionText } from './text.ts';

/** What the columns of a version hold, column by column. */
export function ColumnProfiles(props: { at: Here; own: VersionText; profile: Profile | null }) {
  const { at, own, profile } = props;
  if (!profile)
    return (
      <Section title={own.profile}>
        <p>{own.profileSoon}</p>
      </Section>
    );
  const value = (column: ColumnProfile, text: string | null) =>
    text === null ? '—' : <Value at={at} value={valueIn(column, text)} type={column.type} />;
  return (
    <Section title={own.profile}>
      <p>{own.profileLead}</p>
      <Table
        caption={own.profile}
        quietCaption
        columns={[
          { key: 'id', title: own.column, header: true, cell: (column) => column.id },
          { key: 'min', title: own.least, cell: (column) => value(column, column.min) },
          { key: 'max', title: own.greatest, cell: (column) => value(column, column.max) },
          {
            key: 'mean',
            title: own.mean,
            numeric: true,
            cell: (column) =>
              column.mean === null ? '—' : at.number(column.mean, { maximumSignificantDigits: 6 }),
          },
          {
            key: 'distinct',
            title: own.distinct,
            numeric: true,
            cell: (column) =>
              `${column.distinctIsEstimated ? `${own.about_} ` : ''}${at.number(column.distinct)}`,
          },
          { key: 'missing', title: own.missing, numeric: true, cell: (column) => at.number(column.missing) },
          {
            key: 'top',
            title: own.top,
            cell: (column) =>
              column.top.length === 0
                ? '—'
                : column.top.slice(0, 3).map(({ value: text, count }, n) => (
                    <span key={text}>
                      {n > 0 && ', '}
                      {value(column, text)} <span class="muted">({at.number(count)})</span>
                    </span>
                  )),
          },
        ]}
        rows={profile.columns}
        rowKey={(column) => column.id}
      />
    </Section>
  );
}

/** A value of a profile as the grid draws it. */
function valueIn({ type }: ColumnProfile, text: string): unknown {
  if (type === 'bool') return text === 'true';
  return /^(int4|int8|float8|numeric)$/.test(type) && Number.isSafeInteger(Number(text))
    ? Number(text)
    : text;
}
