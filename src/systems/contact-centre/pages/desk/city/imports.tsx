import { csvRow } from '#platform/csv.ts';
import { Conflict, type FieldFault } from '#platform/errors.ts';
import { attempt } from '#platform/http/forms.ts';
import {
  Actions,
  Badge,
  Button,
  Empty,
  ErrorSummary,
  FileInput,
  LinkButton,
  Notice,
  PageHead,
  Section,
  Select,
  Table,
} from '#ui/index.ts';
import { readCity } from '../../../city.ts';
import {
  applyImport,
  type Import,
  type ImportKind,
  type ImportRow,
  importKinds,
  importRows,
  previewImport,
  readImport,
  recentImports,
  takeFile,
} from '../../../city-editing/import.ts';
import type { KindName } from '../../../city-editing/index.ts';
import { type CityDesk, CityForm, cityPage, sentFlat } from './kit.tsx';
import { labelsOf, specs } from './specs/index.ts';

type Mount = (path: string, answer: (desk: CityDesk) => Promise<Response>) => unknown;

/** Files of buildings, contracts, organisations and districts: uploaded, mapped, previewed, brought in. */
export function mountImports(get: Mount, post: Mount): void {
  get('/imports', (desk) => startPage(desk));
  post('/imports', takeAct);
  get('/imports/:id', (desk) => importPage(desk));
  post('/imports/:id/preview', previewAct);
  post('/imports/:id/apply', applyAct);
  get('/imports/:id/rejects.csv', rejectsFile);
}

const kindNames = Object.keys(importKinds) as ImportKind[];
const lastShown = 20;
const rowsShown = 50;

async function startPage(
  desk: CityDesk,
  shown: { faults?: readonly FieldFault[]; kind?: string } = {},
): Promise<Response> {
  const { words, at } = desk;
  const t = words.import;
  const faults = shown.faults ?? [];
  const last = await recentImports(desk.platform.db, lastShown);
  return cityPage(
    desk,
    { title: words.imports, trail: [], faults },
    <>
      <ErrorSummary faults={faults} />
      <PageHead title={words.imports} lead={t.lead} />
      <CityForm desk={desk} action={desk.href('/imports')} faults={faults} multipart>
        <Select
          name="kind"
          label={t.what}
          value={shown.kind ?? desk.c.req.query('kind') ?? ''}
          empty={words.choose}
          options={kindNames.map((value) => ({ value, label: words.kinds[value] }))}
          width="m"
        />
        <FileInput
          name="file"
          label={t.file}
          hint={t.fileHint}
          accept=".csv,.txt,.geojson,.json,text/csv,application/geo+json"
        />
        <Actions>
          <Button>{t.take}</Button>
        </Actions>
      </CityForm>
      <Section title={t.last}>
        <Table
          caption={t.last}
          quietCaption
          rows={last}
          rowKey={(row) => row.id}
          empty={<Empty title={t.none} icon="file" />}
          columns={[
            {
              key: 'name',
              title: t.name,
              header: true,
              cell: (row) => <a href={desk.href(`/imports/${row.id}`)}>{row.fileName}</a>,
            },
            { key: 'kind', title: t.kind, cell: (row) => words.kinds[row.kind] },
            { key: 'state', title: t.state, cell: (row) => <StateOf desk={desk} one={row} /> },
            { key: 'rows', title: t.rows, numeric: true, cell: (row) => at.number(row.rows) },
            { key: 'accepted', title: t.accepted, numeric: true, cell: (row) => at.number(row.accepted) },
            { key: 'rejected', title: t.rejected, numeric: true, cell: (row) => at.number(row.rejected) },
            { key: 'known', title: t.known, numeric: true, cell: (row) => at.number(row.known) },
            { key: 'author', title: words.author, cell: (row) => row.author },
            { key: 'when', title: words.when, nowrap: true, cell: (row) => at.time(row.madeAt) },
          ]}
        />
        {last.length === lastShown && <p class="muted">{t.lastLimit(lastShown)}</p>}
      </Section>
    </>,
  );
}

function StateOf(props: { desk: CityDesk; one: Import }) {
  const tone = { mapping: 'warning', previewed: 'info', applied: 'good' } as const;
  return <Badge tone={tone[props.one.status]}>{props.desk.words.import.states[props.one.status]}</Badge>;
}

async function takeAct(desk: CityDesk): Promise<Response> {
  const t = desk.words.import;
  const { flat, files } = await sentFlat(desk.c);
  const kind = kindNames.find((name) => name === flat.kind);
  const file = files.file?.[0];
  const faults: FieldFault[] = [
    ...(kind ? [] : [{ field: 'kind', message: t.noKind }]),
    ...(file?.size ? [] : [{ field: 'file', message: t.noFile }]),
  ];
  if (!kind || !file?.size) return startPage(desk, { faults, kind: flat.kind ?? '' });
  const made = await attempt(() =>
    desk.run((work) =>
      takeFile(
        work,
        { kind, name: file.name, bytes: () => file.stream() as ReadableStream<Uint8Array> },
        desk.at.language,
      ),
    ),
  );
  if (!made.done) return startPage(desk, { faults: made.faults, kind });
  return desk.c.redirect(desk.href(`/imports/${made.result}`), 303);
}

interface Shown {
  readonly faults?: readonly FieldFault[];
  readonly mapping?: Readonly<Record<string, number>>;
  readonly problem?: string;
}

async function importPage(desk: CityDesk, shown: Shown = {}): Promise<Response> {
  const { words, at } = desk;
  const t = words.import;
  const one = await readImport(desk.platform.db, desk.c.req.param('id') ?? '');
  const faults = shown.faults ?? [];
  const isMapping = one.status === 'mapping' || desk.c.req.query('columns') === '1' || faults.length > 0;
  const delimiter = one.delimiter === '\t' ? t.tab : (one.delimiter ?? '');
  return cityPage(
    desk,
    {
      title: `${words.imports}: ${one.fileName}`,
      faults,
      trail: [{ title: words.imports, href: desk.href('/imports') }],
      ...(shown.problem ? { status: 409 } : {}),
    },
    <>
      <ErrorSummary faults={faults} />
      {shown.problem && (
        <Notice tone="danger" live>
          <p>{shown.problem}</p>
        </Notice>
      )}
      <PageHead
        title={one.fileName}
        kicker={words.kinds[one.kind]}
        lead={t.read(one.encoding.toUpperCase(), delimiter)}
        actions={<StateOf desk={desk} one={one} />}
      />
      {one.status !== 'mapping' && !isMapping && (
        <Notice tone={one.status === 'applied' ? 'good' : 'info'}>
          <p>
            {t.sum(
              at.number(one.accepted),
              at.number(one.rejected),
              at.number(one.known),
              at.number(one.rows),
            )}
          </p>
          {one.appliedAt && <p>{t.applied(at.time(one.appliedAt))}</p>}
        </Notice>
      )}
      {isMapping && one.status !== 'applied' ? (
        <Mapping
          desk={desk}
          one={one}
          faults={faults}
          labels={await fieldLabels(desk, one.kind)}
          mapping={shown.mapping ?? one.mapping ?? (await guess(desk, one))}
        />
      ) : (
        <Outcome desk={desk} one={one} />
      )}
      {isMapping && one.status !== 'applied' && (
        <Section title={t.sample}>
          <Rows
            desk={desk}
            one={one}
            caption={t.sample}
            rows={await importRows(desk.platform.db, one.id, null, 5)}
          />
        </Section>
      )}
      {!isMapping && one.rejected > 0 && (
        <Section title={t.rejects}>
          <p class="muted">
            {t.rejectsLimit(at.number(Math.min(rowsShown, one.rejected)), at.number(one.rejected))}
          </p>
          <Actions>
            <LinkButton
              href={desk.href(`/imports/${one.id}/rejects.csv`)}
              look="secondary"
              icon="download"
              download
            >
              {t.download}
            </LinkButton>
          </Actions>
          <Rows
            desk={desk}
            one={one}
            caption={t.rejects}
            labels={await fieldLabels(desk, one.kind)}
            rows={await importRows(desk.platform.db, one.id, 'rejected', rowsShown)}
          />
        </Section>
      )}
      {!isMapping && one.accepted > 0 && (
        <Section title={t.acceptedSample}>
          <Rows
            desk={desk}
            one={one}
            caption={t.acceptedSample}
            rows={await importRows(desk.platform.db, one.id, 'accepted', 5)}
          />
        </Section>
      )}
    </>,
  );
}

async function fieldLabels(desk: CityDesk, kind: ImportKind): Promise<ReadonlyMap<string, string>> {
  if (!(kind in specs)) return new Map(Object.entries(desk.words.oldRequest));
  return labelsOf(specs[kind as KindName].groups(desk, await readCity(desk.platform.db), {}));
}

/** Columns that are called like a field, in any of our words for it. */
async function guess(desk: CityDesk, one: Import): Promise<Record<string, number>> {
  const labels = await fieldLabels(desk, one.kind);
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
  const columns = one.columns.map(plain);
  const found: Record<string, number> = {};
  for (const field of importKinds[one.kind].fields) {
    const names = [field, labels.get(field) ?? '', ...(field === 'rings' ? ['geometry'] : [])].map(plain);
    const at = columns.findIndex((column) => column !== '' && names.includes(column));
    if (at >= 0) found[field] = at;
  }
  return found;
}

function Mapping(props: {
  desk: CityDesk;
  one: Import;
  faults: readonly FieldFault[];
  mapping: Readonly<Record<string, number>>;
  labels: ReadonlyMap<string, string>;
}) {
  const { desk, one } = props;
  const t = desk.words.import;
  return (
    <CityForm desk={desk} action={desk.href(`/imports/${one.id}/preview`)} faults={props.faults}>
      <Section title={t.columns}>
        <p class="muted">{t.columnsLead}</p>
        {importKinds[one.kind].fields.map((field) => (
          <Select
            key={field}
            name={`column-${field}`}
            label={props.labels.get(field) ?? field}
            required={field === importKinds[one.kind].kind.key}
            empty={t.noColumn}
            value={props.mapping[field] === undefined ? '' : String(props.mapping[field])}
            options={one.columns.map((label, index) => ({
              value: String(index),
              label: label || `#${index + 1}`,
            }))}
            width="m"
          />
        ))}
        <Actions>
          <Button>{t.preview}</Button>
        </Actions>
      </Section>
    </CityForm>
  );
}

function Outcome(props: { desk: CityDesk; one: Import }) {
  const { desk, one } = props;
  const t = desk.words.import;
  if (one.status !== 'previewed') return null;
  return (
    <>
      {one.accepted > 0 ? (
        <CityForm desk={desk} action={desk.href(`/imports/${one.id}/apply`)}>
          <p class="muted">{t.applyWhy}</p>
          <Actions>
            <Button>{t.apply(desk.at.number(one.accepted))}</Button>
            <LinkButton href={desk.href(`/imports/${one.id}`, { columns: 1 })} look="secondary">
              {t.again}
            </LinkButton>
          </Actions>
        </CityForm>
      ) : (
        <>
          <p>{t.nothingToDo}</p>
          <Actions>
            <LinkButton href={desk.href(`/imports/${one.id}`, { columns: 1 })} look="secondary">
              {t.again}
            </LinkButton>
          </Actions>
        </>
      )}
    </>
  );
}

function Rows(props: {
  desk: CityDesk;
  one: Import;
  caption: string;
  rows: readonly ImportRow[];
  labels?: ReadonlyMap<string, string>;
}) {
  const { desk, one, labels } = props;
  const t = desk.words.import;
  const brief = (cell: string) => (cell.length > 60 ? `${cell.slice(0, 60)}…` : cell);
  return (
    <Table
      caption={props.caption}
      quietCaption
      rows={props.rows}
      rowKey={(row) => String(row.line)}
      columns={[
        { key: 'line', title: t.line, numeric: true, header: true, cell: (row) => row.line },
        ...(labels
          ? [{ key: 'reason', title: t.reason, cell: (row: ImportRow) => reasonsOf(row, labels) }]
          : []),
        ...one.columns.slice(0, 12).map((title, index) => ({
          key: `c${index}`,
          title: title || `#${index + 1}`,
          cell: (row: ImportRow) => brief(row.cells[index] ?? ''),
        })),
      ]}
    />
  );
}

const reasonsOf = (row: ImportRow, labels: ReadonlyMap<string, string>): string =>
  row.reasons
    .map(({ field, message }) => (labels.get(field) ? `${labels.get(field)}: ${message}` : message))
    .join('; ');

async function previewAct(desk: CityDesk): Promise<Response> {
  const id = desk.c.req.param('id') ?? '';
  const { flat } = await sentFlat(desk.c);
  const mapping = Object.fromEntries(
    Object.entries(flat)
      .filter(([name, value]) => name.startsWith('column-') && /^\d{1,4}$/.test(value))
      .map(([name, value]) => [name.slice('column-'.length), Number(value)]),
  );
  return orStale(desk, async () => {
    const made = await attempt(() => desk.run((work) => previewImport(work, id, mapping, desk.at.language)));
    if (!made.done) return importPage(desk, { faults: made.faults, mapping });
    return desk.c.redirect(desk.href(`/imports/${id}`), 303);
  });
}

async function applyAct(desk: CityDesk): Promise<Response> {
  const id = desk.c.req.param('id') ?? '';
  return orStale(desk, async () => {
    await desk.run((work) => applyImport(work, id, desk.at.language));
    return desk.c.redirect(desk.href(`/imports/${id}`), 303);
  });
}

async function orStale(desk: CityDesk, act: () => Promise<Response>): Promise<Response> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    return importPage(desk, { problem: desk.words.import.stale });
  }
}

/** The rejected rows as they came, with line and reason in front, a few at a time. */
async function rejectsFile(desk: CityDesk): Promise<Response> {
  const { db } = desk.platform;
  const t = desk.words.import;
  const one = await readImport(db, desk.c.req.param('id') ?? '');
  const labels = await fieldLabels(desk, one.kind);
  async function* lines() {
    yield csvRow([t.line, t.reason, ...one.columns]);
    for (let after = 0; ; ) {
      const rows = await importRows(db, one.id, 'rejected', 1_000, after);
      if (rows.length === 0) return;
      yield rows
        .map((found) => csvRow([String(found.line), reasonsOf(found, labels), ...found.cells]))
        .join('');
      after = rows.at(-1)!.no;
    }
  }
  const texts = lines();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await texts.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
  });
  return new Response(body, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="rejects-${one.kind}.csv"`,
    },
  });
}
