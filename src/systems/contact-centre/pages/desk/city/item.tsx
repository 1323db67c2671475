import { Conflict, type FieldFault, NotFound } from '#platform/errors.ts';
import { attempt } from '#platform/http/forms.ts';
import { Actions, Button, Details, ErrorSummary, LinkButton, Notice, PageHead, Table } from '#ui/index.ts';
import { type City, readCity } from '../../../city.ts';
import { flatDifference, readData, retireData, saveData } from '../../../city-editing/edit.ts';
import { dataKinds, type KindName } from '../../../city-editing/index.ts';
import type { DataVersion, Flat } from '../../../city-editing/kind.ts';
import { settingsId } from '../../../city-editing/settings.ts';
import { Groups } from './fields.tsx';
import { type CityDesk, CityForm, cityPage, sentFlat } from './kit.tsx';
import { LetterPreview } from './preview.tsx';
import { labelsOf, shownValue, specs } from './specs/index.ts';

/** The kind that the address names. @throws NotFound */
export function kindIn(desk: CityDesk): KindName {
  const name = desk.c.req.param('kind') ?? '';
  if (!Object.hasOwn(dataKinds, name)) throw new NotFound('kind of data');
  return name as KindName;
}

/** `/desk/administrator/{kind}/edit?id=`: a thing as a form; without an id a new one. */
export async function itemPage(desk: CityDesk): Promise<Response> {
  const kind = kindIn(desk);
  const id = idOf(kind, desk.c.req.query('id') ?? '');
  const stored = id ? await readData(desk.platform.db, dataKinds[kind], id) : null;
  const flat: Flat = stored
    ? dataKinds[kind].flat(stored.body)
    : { kind: desk.c.req.query('as') === 'branch' ? 'branch' : kind === 'category' ? 'leaf' : '' };
  return draw(desk, kind, { id, known: stored?.version ?? null, flat: withoutEmpty(flat) });
}

const idOf = (kind: KindName, asked: string) => (kind === 'settings' ? settingsId : asked);
const withoutEmpty = (flat: Flat): Flat =>
  Object.fromEntries(Object.entries(flat).filter(([, value]) => value !== ''));

/** Stores what was typed as a new version, or shows what is wrong with it, or what somebody else stored meanwhile. */
export async function itemAct(desk: CityDesk): Promise<Response> {
  const kind = kindIn(desk);
  const { flat: sent, faults } = await sentFlat(desk.c);
  const { known: knownText = '', stored = '', go = '', ...fields } = sent;
  const known = knownText === '' ? null : Number(knownText);
  const flat: Flat = kind === 'settings' ? { ...fields, id: settingsId } : fields;
  const id = known === null ? '' : stored;
  if (go === 'retire') return retire(desk, kind, stored, Number(knownText));
  if (faults.length) return draw(desk, kind, { id, known, flat, faults });
  try {
    const made = await attempt(() =>
      desk.run((work) => saveData(work, dataKinds[kind], { flat, known }, desk.at.language)),
    );
    if (!made.done) return draw(desk, kind, { id, known, flat, faults: made.faults });
    return desk.c.redirect(
      desk.href(`/${kind}/edit`, { id: made.result.id, saved: made.result.version }),
      303,
    );
  } catch (error) {
    if (!(error instanceof Conflict) || error.code !== 'stale') throw error;
    const now = await readData(desk.platform.db, dataKinds[kind], id);
    return draw(desk, kind, { id, known: now.version, flat, theirs: now });
  }
}

/** Takes a thing out of use; who looked at an older version sees the newer first. */
async function retire(desk: CityDesk, kind: KindName, id: string, known: number): Promise<Response> {
  try {
    await desk.run((work) => retireData(work, dataKinds[kind], id, known));
    return desk.c.redirect(desk.href(`/${kind}`, { retired: id }), 303);
  } catch (error) {
    if (!(error instanceof Conflict) || error.code !== 'stale') throw error;
    const now = await readData(desk.platform.db, dataKinds[kind], id);
    const flat = withoutEmpty(dataKinds[kind].flat(now.body));
    return draw(desk, kind, { id, known: now.version, flat, theirs: now });
  }
}

interface Shown {
  /** Empty for a new thing. */
  readonly id: string;
  readonly known: number | null;
  readonly flat: Flat;
  readonly faults?: readonly FieldFault[];
  /** What somebody else stored meanwhile. */
  readonly theirs?: DataVersion;
}

async function draw(desk: CityDesk, kind: KindName, shown: Shown): Promise<Response> {
  const { words } = desk;
  const city = await readCity(desk.platform.db);
  const spec = specs[kind];
  const faults = shown.faults ?? [];
  const saved = desk.c.req.query('saved');
  const body = shown.id ? (await readData(desk.platform.db, dataKinds[kind], shown.id)).body : null;
  const title = body ? spec.nameOf(body, desk) : words.newOf[kind];
  const groups = spec.groups(desk, city, shown.flat);
  return cityPage(
    desk,
    {
      title,
      faults,
      trail: kind === 'settings' ? [] : [{ title: words.kinds[kind], href: desk.href(`/${kind}`) }],
      ...(shown.theirs ? { status: 409 } : {}),
    },
    <>
      <ErrorSummary faults={faults} />
      {saved && /^\d+$/.test(saved) && !shown.theirs && faults.length === 0 && (
        <Notice tone="good" live>
          <p>{words.saved(Number(saved))}</p>
        </Notice>
      )}
      {shown.theirs && <Theirs desk={desk} kind={kind} city={city} mine={shown.flat} theirs={shown.theirs} />}
      <PageHead
        title={title}
        {...(shown.known ? { kicker: words.version(shown.known) } : {})}
        actions={
          shown.id ? (
            <LinkButton href={desk.href(`/${kind}/versions`, { id: shown.id })} look="secondary">
              {words.versions}
            </LinkButton>
          ) : null
        }
      />
      <CityForm
        desk={desk}
        action={desk.href(`/${kind}/edit`)}
        faults={faults}
        hidden={{ known: shown.known === null ? '' : String(shown.known), stored: shown.id }}
      >
        <Groups groups={groups} flat={shown.flat} faults={faults} stored={shown.id !== ''} />
        <Actions>
          <Button>{shown.theirs ? words.saveMine : words.save}</Button>
          <LinkButton href={kind === 'settings' ? desk.href('') : desk.href(`/${kind}`)} look="secondary">
            {words.back}
          </LinkButton>
        </Actions>
        <p class="muted">{words.keeps}</p>
      </CityForm>
      {kind === 'template' && shown.flat.move && <LetterPreview desk={desk} flat={shown.flat} />}
      {shown.id && shown.known && 'retire' in dataKinds[kind] && (
        <Details summary={words.retire}>
          <p>{words.retireWhat}</p>
          <CityForm
            desk={desk}
            action={desk.href(`/${kind}/edit`)}
            hidden={{ go: 'retire', known: String(shown.known), stored: shown.id }}
          >
            <Actions>
              <Button look="danger">{words.retire}</Button>
            </Actions>
          </CityForm>
        </Details>
      )}
    </>,
  );
}

function Theirs(props: { desk: CityDesk; kind: KindName; city: City; mine: Flat; theirs: DataVersion }) {
  const { desk, kind, theirs } = props;
  const { words, at } = desk;
  const stored = dataKinds[kind].flat(theirs.body);
  const groups = specs[kind].groups(desk, props.city, { ...stored, ...props.mine });
  const labels = labelsOf(groups);
  const mine = dataKinds[kind].body(props.mine, at.language);
  const rows = flatDifference(
    mine.faults.length ? props.mine : dataKinds[kind].flat(mine.body),
    stored,
  ).filter(({ field }) => labels.has(field));
  return (
    <Notice tone="danger" title={words.staleTitle} live>
      <p>{words.stale(theirs.author, theirs.at ? at.time(theirs.at) : '')}</p>
      <Table
        caption={words.staleTitle}
        quietCaption
        rows={rows}
        rowKey={(row) => row.field}
        empty={<p>{words.sameAsTheirs}</p>}
        columns={[
          { key: 'field', title: words.field, header: true, cell: (row) => labels.get(row.field) },
          { key: 'mine', title: words.mine, cell: (row) => shownValue(groups, row.field, row.before) },
          { key: 'theirs', title: words.theirs, cell: (row) => shownValue(groups, row.field, row.after) },
        ]}
      />
    </Notice>
  );
}
