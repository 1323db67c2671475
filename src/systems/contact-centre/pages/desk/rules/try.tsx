import { sql } from 'drizzle-orm';
import { instantAt, isLocalDate, localDate, localTime } from '#platform/calendar/index.ts';
import { type FieldFault, NotFound } from '#platform/errors.ts';
import {
  Actions,
  Badge,
  Button,
  Card,
  DateInput,
  ErrorSummary,
  Form,
  PageHead,
  Section,
  Select,
  SummaryList,
  Table,
  TextInput,
} from '#ui/index.ts';
import type { City } from '../../../city.ts';
import type { RequestClass } from '../../../city-data.ts';
import { knownAssets } from '../../../known-places.ts';
import { type Names, wordsOf } from '../../../routing.ts';
import { ruleWords, testedInWords } from '../../../rule-words.ts';
import { type Tried, tryReport } from '../../../try-report.ts';
import { findBuildings } from '../../reads.ts';
import { type Desk, namesFor, rulesPage, setsOf } from './kit.tsx';

interface Asked {
  readonly version: string;
  readonly category: string;
  readonly address: string;
  readonly asset: string;
  readonly district: string;
  readonly date: string;
  readonly hour: string;
  readonly class: string;
  readonly source: string;
}

/** `/desk/rules/try`: a fictive report against the rules in force or a draft, answered in words with each tested condition. */
export async function tryPage(desk: Desk): Promise<Response> {
  const { words, at, c } = desk;
  const t = words.try;
  const now = desk.platform.clock.now();
  const given = (name: string, other = '') => (c.req.query(name) ?? other).trim().slice(0, 200);
  const asked: Asked = {
    version: given('version'),
    category: given('category'),
    address: given('address'),
    asset: given('asset'),
    district: given('district'),
    date: given('date', localDate(now)),
    hour: given('hour', localTime(now)),
    class: given('class'),
    source: given('source', 'phone'),
  };
  const [city, drafts] = await Promise.all([namesFor(desk, []), setsOf(desk, 'draft')]);
  const isAsked = c.req.query('category') !== undefined;
  const { faults, building, choices } = await check(desk, asked, city, isAsked);
  const tried =
    isAsked && faults.length === 0 && choices.length === 0 ? await decide(desk, asked, building) : null;
  const w = ruleWords(at.language);
  return rulesPage(
    desk,
    { title: words.tryTitle, faults, trail: [] },
    <>
      <ErrorSummary faults={faults} />
      <PageHead title={words.tryTitle} lead={t.lead} />
      <Form action={desk.href('/try')} method="get" faults={faults}>
        <Select
          name="version"
          label={t.rules}
          value={asked.version}
          options={[
            { value: '', label: t.current(city.rules.version) },
            ...drafts.map((set) => ({
              value: String(set.version),
              label: t.draft(set.version, set.note ?? ''),
            })),
          ]}
        />
        <Select
          name="category"
          label={t.category}
          empty={words.form.choose}
          value={asked.category}
          options={[...city.leaves.values()]
            .sort((a, b) => a.leaf.number.localeCompare(b.leaf.number))
            .map(({ leaf }) => ({ value: leaf.code, label: `${leaf.number} ${leaf.name[at.language]}` }))}
        />
        <TextInput
          name="address"
          label={t.address}
          hint={t.addressHint}
          required={false}
          value={asked.address}
          width="m"
        />
        {choices.length > 0 && (
          <Card title={t.which}>
            <ul>
              {choices.map((choice) => (
                <li key={choice.id}>
                  <a href={desk.href('/try', { ...asked, address: choice.id })}>{choice.address}</a>
                </li>
              ))}
            </ul>
          </Card>
        )}
        <TextInput
          name="asset"
          label={t.asset}
          required={false}
          value={asked.asset}
          width="s"
          spellcheck={false}
        />
        <Select
          name="district"
          label={t.district}
          required={false}
          empty={t.unknown}
          value={asked.district}
          options={city.districts.map(({ code, name }) => ({ value: code, label: name[at.language] }))}
        />
        <DateInput name="date" label={t.date} value={asked.date} />
        <TextInput name="hour" label={t.hour} type="time" value={asked.hour} width="s" />
        <Select
          name="class"
          label={t.class}
          required={false}
          empty={t.asCategory}
          value={asked.class}
          options={Object.entries(w.classes).map(([value, label]) => ({ value, label }))}
        />
        <Select
          name="source"
          label={t.source}
          value={asked.source}
          options={Object.entries(w.sources).map(([value, label]) => ({ value, label }))}
        />
        <Actions>
          <Button>{t.run}</Button>
        </Actions>
      </Form>
      {tried && <Answer desk={desk} tried={tried} city={city} />}
    </>,
  );
}

async function check(desk: Desk, asked: Asked, city: City, isAsked: boolean) {
  const t = desk.words.try;
  const faults: FieldFault[] = [];
  let building: string | undefined;
  let choices: { id: string; address: string }[] = [];
  if (!isAsked) return { faults, building, choices };
  if (!city.leaves.has(asked.category)) faults.push({ field: 'category', message: t.chooseCategory });
  if (!isLocalDate(asked.date)) faults.push({ field: 'date', message: t.wrongTime });
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(asked.hour)) faults.push({ field: 'hour', message: t.wrongTime });
  if (asked.address) {
    const { rows } = await desk.platform.db.execute<{ id: string }>(
      sql`select id from cc_building where id = ${asked.address} or lower(address) = lower(${asked.address}) limit 2`,
    );
    if (rows.length === 1) building = rows[0]!.id;
    else {
      choices = (await findBuildings(desk.platform.db, asked.address)).map(({ id, address }) => ({
        id,
        address,
      }));
      if (choices.length === 0) faults.push({ field: 'address', message: t.noBuilding });
    }
  }
  if (asked.asset && !(await knownAssets(desk.platform.db, [asked.asset])).size)
    faults.push({ field: 'asset', message: t.noAsset });
  return { faults, building, choices };
}

function decide(desk: Desk, asked: Asked, building: string | undefined): Promise<Tried> {
  const version = asked.version ? Number(asked.version) : undefined;
  if (version !== undefined && !Number.isSafeInteger(version)) throw new NotFound('rule set');
  const classes = Object.keys(ruleWords(desk.at.language).classes) as RequestClass[];
  const urgency = classes.find((one) => one === asked.class);
  return tryReport(
    desk.platform.db,
    {
      category: asked.category,
      at: instantAt(asked.date, asked.hour),
      source: asked.source,
      ...(building ? { building } : {}),
      ...(asked.asset ? { asset: asked.asset } : {}),
      ...(asked.district ? { district: asked.district } : {}),
      ...(urgency ? { class: urgency } : {}),
    },
    version,
  );
}

function Answer(props: { desk: Desk; tried: Tried; city: City }) {
  const { desk, tried, city } = props;
  const { words, at } = desk;
  const t = words.try;
  const { decision, facts } = tried;
  const names: Names = {
    ...city,
    ...city.known,
    buildings: new Map(facts.building && tried.address ? [[facts.building, tried.address]] : []),
    assets: new Map(facts.asset && tried.thing ? [[facts.asset, tried.thing]] : []),
  };
  const rows = decision.tested.map((tested) => ({ tested, told: testedInWords(tested, names, at.language) }));
  return (
    <>
      <Section title={t.decision} id="decision">
        <Card tone={decision.organisation ? 'good' : 'warning'}>
          <p>{wordsOf(decision, names, at.language)}</p>
        </Card>
        <SummaryList
          rows={[
            {
              name: t.address,
              value:
                tried.address ??
                city.districts.find(({ code }) => code === facts.district)?.name[at.language] ??
                t.unknown,
            },
            ...(tried.thing ? [{ name: t.object, value: tried.thing[at.language] }] : []),
            ...(facts.zones?.length
              ? [
                  {
                    name: t.zones,
                    value: city.zones
                      .filter(({ code }) => facts.zones!.includes(code))
                      .map(({ name }) => name[at.language])
                      .join(', '),
                  },
                ]
              : []),
            {
              name: t.owner,
              value:
                (facts.keeper ?? facts.owner)
                  ? (city.known.organisations.get((facts.keeper ?? facts.owner)!)?.name[at.language] ??
                    facts.keeper ??
                    facts.owner)
                  : t.unknown,
            },
            {
              name: t.contract,
              value: facts.contractor
                ? `${facts.contractor.number}, ${city.known.organisations.get(facts.contractor.organisation)?.name[at.language] ?? facts.contractor.organisation}`
                : t.unknown,
            },
          ]}
        />
      </Section>
      <Section title={t.tested}>
        <p class="muted">{t.testedLead}</p>
        <Table
          caption={t.tested}
          quietCaption
          rows={rows}
          rowKey={({ tested }) => `${tested.rule} ${tested.condition}`}
          columns={[
            { key: 'rule', title: words.rule, header: true, cell: ({ tested }) => tested.rule },
            { key: 'condition', title: t.condition, cell: ({ told }) => told.condition },
            { key: 'wanted', title: t.wanted, cell: ({ told }) => told.wanted },
            { key: 'value', title: t.value, cell: ({ told }) => told.value ?? t.unknown },
            {
              key: 'result',
              title: t.result,
              nowrap: true,
              cell: ({ tested, told }) => (
                <Badge tone={tested.holds ? 'good' : 'neutral'}>
                  {tested.holds ? t.holds : told.value === null ? t.unknownFails : t.fails}
                </Badge>
              ),
            },
          ]}
        />
      </Section>
      {tried.behind.length > 0 && (
        <Section title={t.behind}>
          <ul>
            {tried.behind.map((rule) => (
              <li key={rule.id}>
                <span class="mono">{rule.id}</span> {rule.name[at.language]}
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}
