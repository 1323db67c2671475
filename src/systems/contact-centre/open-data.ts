import { type SQL, sql } from 'drizzle-orm';
import { addMonths, localDate, startOfDay } from '#platform/calendar/index.ts';
import type { ColumnSpec, LiveDataset, LivePage, LiveReading, LiveRow } from '#platform/live-data.ts';
import { categoryName, readCity } from './city.ts';
import { stateName } from './pages/text.ts';
import { byOrganisation } from './statistics.ts';

/** The city's unit that answers for these data. */
const unit = 'contact-centre';

/** How a report came in, in the words of the official table. */
const channels: Readonly<Record<string, string>> = {
  phone: 'телефон',
  web: 'вебсайт',
  open311: 'застосунок',
  import: 'перенесено з іншої системи',
};

/** Requests since the beginning, one page after another by their keys. */
async function* requests({ db, asOf, batch, signal }: LiveReading): AsyncGenerator<LivePage> {
  const city = await readCity(db);
  const districts = new Map(city.districts.map((one) => [one.code, one.name.uk]));
  const streets = (await db.execute<{ street: string }>(sql`select distinct street from cc_building`)).rows;
  // Of a place without a house only a street that the city knows is told: the rest is somebody's own words.
  const streetIn = (address: string | null) =>
    streets.find(({ street }) => address?.startsWith(street))?.street ?? null;
  let last: readonly [string, string] | null = null;
  for (;;) {
    signal.throwIfAborted();
    const next: SQL = last
      ? sql`(r.created_at, r.number) > (${last[0]}::timestamptz, ${last[1]})`
      : sql`true`;
    const { rows }: { rows: Record<string, unknown>[] } = await db.execute(sql`
      select r.number, r.created_at::text as key, r.created_at, r.category, r.category_version, r.branch, r.source, r.state, r.closing,
        r.organisation, b.street, r.public_address, r.district, r.private
      from cc_request r left join cc_building b on b.id = r.building
      where not r.sandbox and r.regime = 'service' and r.publication <> 'removed' and r.created_at <= ${asOf.toISOString()} and ${next}
      order by r.created_at, r.number limit ${batch}`);
    const end = rows.at(-1);
    if (end) {
      last = [String(end.key), String(end.number)];
      yield {
        cursor: last.join(' '),
        rows: rows.map((row): LiveRow => {
          const executor = city.known.organisations.get(String(row.organisation));
          return {
            uid: String(row.number),
            receivedDateTime: new Date(String(row.created_at)),
            type: 'Заявка про комунальну проблему',
            kind: city.branches.get(String(row.branch))?.name.uk ?? String(row.branch),
            // The words of the classifier; what people wrote themselves stays with the city.
            content: categoryName(city, row, 'uk'),
            accrualMethod: channels[String(row.source)] ?? 'інше',
            addressAdminUnitL4: districts.get(String(row.district)) ?? null,
            addressPostName: city.settings.name.uk,
            // A request within a home is told of by district alone.
            addressThoroughfare: row.private
              ? null
              : ((row.street as string | null) ?? streetIn(row.public_address as string | null)),
            status: stateName('uk', String(row.state), null),
            organizationName: executor?.name.uk ?? 'null',
            organizationId: executor?.edrpou ?? 'null',
            result: row.closing === null ? 'null' : stateName('uk', 'closed', String(row.closing)),
          };
        }),
      };
    }
    if (rows.length < batch) return;
  }
}

const column = (
  id: string,
  uk: string,
  en: string,
  type: ColumnSpec['type'],
  required = false,
): ColumnSpec => ({
  id,
  title: { uk, en },
  type,
  required,
});

const performanceColumns: readonly ColumnSpec[] = [
  column('month', 'Місяць', 'Month', 'date', true),
  column('organisation', 'Код підприємства', 'Code of the enterprise', 'text', true),
  column('organisationName', 'Підприємство', 'Enterprise', 'text', true),
  column('claims', 'Повідомлень про виконання', 'Claims that work was done', 'integer', true),
  column('closed', 'Закрито після виконання', 'Closed after a claim', 'integer', true),
  column('confirmed', 'Підтверджено заявниками', 'Confirmed by reporters', 'integer', true),
  column('unverified', 'Закрито без підтвердження', 'Closed without confirmation', 'integer', true),
  column('due', 'Зі строком', 'With a term', 'integer', true),
  column('onTime', 'Вчасно', 'On time', 'integer', true),
  column('confirmedOnTime', 'Підтверджено вчасно', 'Confirmed on time', 'integer', true),
  column('overdueOpen', 'Відкриті з порушеним строком', 'Open past their term', 'integer', true),
  column('vetoed', 'Повернуто на доопрацювання', 'Sent back', 'integer', true),
  column('medianHours', 'Медіана, годин', 'Median, hours', 'numeric'),
  column('meanGrade', 'Середня оцінка', 'Mean grade', 'numeric'),
  column('grades', 'Оцінок', 'Grades', 'integer', true),
];

/** A mean of fewer grades would tell single ones. */
const fewestGrades = 5;
/** Months that are told of, the newest first. */
const months = 36;

/** How each enterprise did in each whole month. */
async function* performance({ db, asOf, signal }: LiveReading): AsyncGenerator<LivePage> {
  const { rows: first } = await db.execute<{ at: string | null }>(
    sql`select min(created_at) as at from cc_request where not sandbox`,
  );
  if (!first[0]?.at) return;
  const current = `${localDate(asOf).slice(0, 7)}-01`;
  const begun = `${localDate(new Date(first[0].at)).slice(0, 7)}-01`;
  for (let back = 1; back <= months; back += 1) {
    signal.throwIfAborted();
    const month = addMonths(current, -back);
    if (month < begun) return;
    const period = { from: startOfDay(month), to: startOfDay(addMonths(month, 1)) };
    const figures = await byOrganisation(db, period);
    yield {
      cursor: month,
      rows: figures.map(
        (one): LiveRow => ({
          month,
          organisation: one.organisation,
          organisationName: one.name?.uk ?? one.organisation,
          claims: one.claims,
          closed: one.closed,
          confirmed: one.confirmed,
          unverified: one.unverified,
          due: one.due,
          onTime: one.onTime,
          confirmedOnTime: one.confirmedOnTime,
          overdueOpen: one.overdueOpen,
          vetoed: one.vetoed,
          medianHours: one.medianHours === null ? null : Number(one.medianHours.toFixed(2)),
          meanGrade:
            one.meanGrade === null || one.grades < fewestGrades ? null : Number(one.meanGrade.toFixed(2)),
          grades: one.grades,
        }),
      ),
    };
  }
}

/** What the contact centre publishes by itself. */
export const openDatasets: readonly LiveDataset[] = [
  {
    key: 'contact-centre.requests',
    unit,
    passport: {
      name: 'zaiavky-kontakt-tsentru',
      title: { uk: 'Заявки до контакт-центру міста', en: 'Requests to the contact centre of the city' },
      notes: {
        uk: 'Кожна заявка про комунальну проблему: коли надійшла, про що, на якій вулиці, хто виконує, чим закінчилася. Без імен, телефонів і текстів заявників; день замість години, вулиця замість будинку. Тексти, перевірені для оприлюднення, є у файлах GeoReport.',
        en: 'Every request about a communal problem: when it came, what about, on which street, who does it, how it ended. Without names, telephones and words of reporters; the day instead of the hour, the street instead of the house. Texts that were checked for publication are in the GeoReport files.',
      },
      updateFrequency: 'once a day',
      purpose:
        'Закон України «Про доступ до публічної інформації», стаття 10-1; облік надходження звернень на телефонні гарячі лінії та їх вирішення',
      keywords: ['звернення', 'гаряча лінія', 'контакт-центр', 'комунальні проблеми', 'ЖКГ'],
      themes: ['gove', 'regi'],
      obligation: '835/33',
    },
    table: { official: '835/33/appeals' },
    mode: 'snapshot',
    privacy: {
      hash: ['uid'],
      coarsen: { receivedDateTime: 'day', addressThoroughfare: 'street' },
      kAnonymity: {
        // Where it was says who may have reported; what it was about is what is told.
        quasi: ['addressAdminUnitL4', 'addressThoroughfare'],
        k: 5,
        small: 'merge',
      },
    },
    links: [
      {
        title: {
          uk: 'GeoReport v2: усі заявки з перевіреними текстами (CSV)',
          en: 'GeoReport v2: all requests (CSV)',
        },
        path: '/open311/bulk/requests.csv',
        format: 'CSV',
      },
      {
        title: {
          uk: 'GeoReport v2: усі заявки з перевіреними текстами (JSON)',
          en: 'GeoReport v2: all requests (JSON)',
        },
        path: '/open311/bulk/requests.json',
        format: 'JSON',
      },
    ],
    read: (_since, reading) => requests(reading),
  },
  {
    key: 'contact-centre.performance',
    unit,
    passport: {
      name: 'pokaznyky-vykonavtsiv',
      title: { uk: 'Показники виконавців заявок за місяцями', en: 'Figures of enterprises by month' },
      notes: {
        uk: 'Скільки заявок підприємство закрило за місяць, скільки з них підтвердили заявники, скільки вчасно, скільки повернуто на доопрацювання. Обчислено за відкритою методикою; поточний місяць зʼявиться, коли закінчиться.',
        en: 'How many requests an enterprise closed in a month, how many reporters confirmed, how many on time, how many were sent back. Computed by the open methodology; a month appears when it is over.',
      },
      updateFrequency: 'once a month',
      purpose:
        'Закон України «Про доступ до публічної інформації», стаття 10-1; підзвітність комунальних підприємств',
      keywords: ['контакт-центр', 'комунальні підприємства', 'показники', 'строки', 'ЖКГ'],
      themes: ['gove', 'econ'],
    },
    table: { columns: performanceColumns, key: ['month', 'organisation'] },
    mode: 'snapshot',
    privacy: {},
    read: (_since, reading) => performance(reading),
  },
];
