import { randomUUID } from 'node:crypto';
import { Conflict, type FieldFault, NotFound } from '#platform/errors.ts';
import { attempt } from '#platform/http/forms.ts';
import {
  Actions,
  Button,
  Checkbox,
  Checkboxes,
  Details,
  ErrorSummary,
  Form,
  LinkButton,
  Notice,
  PageHead,
  Radios,
  Section,
  Select,
  TextArea,
  TextInput,
} from '#ui/index.ts';
import type { City } from '../../../city.ts';
import { putRule } from '../../../rule-edits.ts';
import { ruleInWords, ruleWords } from '../../../rule-words.ts';
import { ActForm, type Desk, namesFor, readShown, rulesPage, sent, versionIn } from './kit.tsx';
import { clockKinds, emptyRule, formOf, type RuleForm, ruleOf, termUnits } from './rule-form.ts';

/** `/desk/rules/{version}/rule?id=`: a rule of a draft as a form; without an id a new one. */
export async function rulePage(desk: Desk): Promise<Response> {
  const set = await readShown(desk, versionIn(desk.c));
  const id = desk.c.req.query('id') ?? '';
  const rule = id ? set.rules.find((one) => one.id === id) : null;
  if (set.status !== 'draft' || rule === undefined) throw new NotFound('rule');
  return draw(desk, { id, seen: set.hash, form: rule ? formOf(rule) : emptyRule });
}

/** Keeps what was typed; what is wrong with it comes back beside the fields, and so does a draft that has moved on. */
export async function ruleAct(desk: Desk): Promise<Response> {
  const { c, words } = desk;
  const version = versionIn(c);
  const { values, lists, faults } = await sent(c);
  const id = values.instead ?? '';
  const seen = values.seen ?? '';
  if (faults.length) return draw(desk, { id, seen, form: { values, lists }, faults });
  const { rule, faults: unreadable } = ruleOf({ values, lists }, words.form.hoursHint);
  if (unreadable.length) return draw(desk, { id, seen, form: { values, lists }, faults: unreadable });
  try {
    const made = await attempt(() =>
      desk.run((work) => putRule(work, { version, hash: seen }, rule, id || null, desk.at.language)),
    );
    if (!made.done) return draw(desk, { id, seen, form: { values, lists }, faults: made.faults });
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    const now = await readShown(desk, version);
    return draw(desk, {
      id,
      seen: now.hash,
      form: { values, lists },
      problem: error.code === 'stale' ? words.staleRule : words.notDraft,
      stored: now.rules.find((one) => one.id === id) ?? null,
    });
  }
  return c.redirect(desk.href(`/${version}`, { done: 'saved' }), 303);
}

interface Shown {
  readonly id: string;
  readonly seen: string;
  readonly form: RuleForm;
  readonly faults?: readonly FieldFault[];
  readonly problem?: string;
  readonly stored?: Parameters<typeof ruleInWords>[0] | null;
}

async function draw(desk: Desk, shown: Shown): Promise<Response> {
  const { words, at } = desk;
  const t = words.form;
  const version = versionIn(desk.c);
  const city = await namesFor(desk, shown.stored ? [shown.stored] : []);
  const faults = shown.faults ?? [];
  const title = shown.id ? t.editTitle(shown.id) : t.newTitle;
  const stored = shown.stored ? ruleInWords(shown.stored, { ...city, ...city.known }, at.language) : null;
  return rulesPage(
    desk,
    {
      title,
      faults,
      ...(shown.problem ? { status: 409 } : {}),
      trail: [{ title: words.versionTitle(version), href: desk.href(`/${version}`) }],
    },
    <>
      <ErrorSummary faults={faults} />
      {shown.problem && (
        <Notice tone="danger" live>
          <p>{shown.problem}</p>
          {shown.id && (
            <p>
              <strong>{words.storedNow}:</strong>{' '}
              {stored
                ? `${shown.stored!.name[at.language]}. ${words.if}: ${stored.conditions.join('; ') || words.always}. ${words.thenTo}: ${[stored.to, ...stored.more].join('; ')}`
                : words.goneNow}
            </p>
          )}
        </Notice>
      )}
      <PageHead title={title} kicker={words.versionTitle(version)} />
      <Form
        action={desk.href(`/${version}/rule`)}
        csrf={desk.c.var.visit.csrfToken()}
        idempotencyKey={randomUUID()}
        faults={faults}
        hidden={{ instead: shown.id, seen: shown.seen }}
      >
        <Fields desk={desk} city={city} form={shown.form} />
        <Actions>
          <Button>{t.save}</Button>
          <LinkButton href={desk.href(`/${version}`)} look="secondary">
            {words.backToSet}
          </LinkButton>
        </Actions>
      </Form>
      {shown.id && !shown.problem && (
        <Details summary={words.drop}>
          <p>{words.dropWhy}</p>
          <ActForm
            desk={desk}
            action={desk.href(`/${version}/drop`)}
            hidden={{ seen: shown.seen, rule: shown.id }}
          >
            <Button look="danger">{words.drop}</Button>
          </ActForm>
        </Details>
      )}
    </>,
  );
}

function Fields(props: { desk: Desk; city: City; form: RuleForm }) {
  const { desk, city, form } = props;
  const { language } = desk.at;
  const t = desk.words.form;
  const w = ruleWords(language);
  const one = (name: string) => form.values[name] ?? '';
  const many = (name: string) => form.lists[name] ?? [];
  const byName = <T extends { value: string; label: string }>(options: T[]) =>
    options.sort((a, b) => a.label.localeCompare(b.label, language));
  const organisations = byName(
    [...city.organisations.values()].map(({ id, name }) => ({ value: id, label: name[language] })),
  );
  const units = byName(
    city.units
      .filter(({ kind }) => kind !== 'crew')
      .map(({ id, name, organisation }) => ({
        value: id,
        label: `${city.known.organisations.get(organisation)?.name[language] ?? organisation}: ${name[language]}`,
      })),
  );
  const options = (record: Readonly<Record<string, string>>) =>
    Object.entries(record).map(([value, label]) => ({ value, label }));
  const chosenCategories = new Set(many('categories'));
  return (
    <>
      <TextInput name="id" label={t.id} hint={t.idHint} value={one('id')} width="s" spellcheck={false} />
      <TextInput name="name-uk" label={t.nameUk} value={one('name-uk')} maxlength={200} width="full" />
      <TextInput name="name-en" label={t.nameEn} value={one('name-en')} maxlength={200} width="full" />
      <Section title={t.when}>
        <p class="muted">{t.whenLead}</p>
        <Checkboxes
          name="branches"
          label={t.branches}
          required={false}
          inline
          values={many('branches')}
          options={byName(
            [...city.branches.values()].map(({ code, name }) => ({ value: code, label: name[language] })),
          )}
        />
        <Details summary={`${t.categories} (${chosenCategories.size})`} open={chosenCategories.size > 0}>
          <Checkboxes
            name="categories"
            label={t.categories}
            hint={t.categoriesHint}
            required={false}
            inline
            values={many('categories')}
            options={[...city.leaves.values()]
              .sort((a, b) => a.leaf.number.localeCompare(b.leaf.number))
              .map(({ leaf }) => ({ value: leaf.code, label: `${leaf.number} ${leaf.name[language]}` }))}
          />
        </Details>
        <Details
          summary={t.placeConditions}
          open={
            ['districts', 'zones', 'owners', 'contract', 'ownerKnown', 'keeperKnown'].some(
              (name) => many(name).length,
            ) ||
            one('buildings') !== '' ||
            one('assets') !== ''
          }
        >
          <Checkboxes
            name="districts"
            label={t.districts}
            required={false}
            inline
            values={many('districts')}
            options={city.districts.map(({ code, name }) => ({ value: code, label: name[language] }))}
          />
          {city.zones.length > 0 && (
            <Checkboxes
              name="zones"
              label={t.zones}
              required={false}
              inline
              values={many('zones')}
              options={city.zones.map(({ code, name }) => ({ value: code, label: name[language] }))}
            />
          )}
          <Checkbox name="contract" label={t.contract} checked={one('contract') === 'yes'} />
          <Checkbox name="ownerKnown" label={t.ownerKnown} checked={one('ownerKnown') === 'yes'} />
          <Checkboxes
            name="owners"
            label={t.owners}
            required={false}
            inline
            values={many('owners')}
            options={organisations}
          />
          <TextArea
            name="buildings"
            label={t.buildings}
            hint={t.buildingsHint}
            required={false}
            rows={3}
            value={one('buildings')}
          />
          <Checkbox name="keeperKnown" label={t.keeperKnown} checked={one('keeperKnown') === 'yes'} />
          <TextArea
            name="assets"
            label={t.assets}
            hint={t.assetsHint}
            required={false}
            rows={3}
            value={one('assets')}
          />
        </Details>
        <Details
          summary={t.timeConditions}
          open={many('weekdays').length > 0 || ['hours-from', 'hours-to', 'dayOff'].some((name) => one(name))}
        >
          <TextInput
            name="hours-from"
            label={t.hoursFrom}
            hint={t.hoursHint}
            type="time"
            required={false}
            value={one('hours-from')}
            width="s"
          />
          <TextInput
            name="hours-to"
            label={t.hoursTo}
            type="time"
            required={false}
            value={one('hours-to')}
            width="s"
          />
          <Checkboxes
            name="weekdays"
            label={t.weekdays}
            required={false}
            inline
            values={many('weekdays')}
            options={w.weekdays.map((label, index) => ({ value: String(index + 1), label }))}
          />
          <Radios
            name="dayOff"
            label={t.dayOff}
            inline
            value={one('dayOff')}
            options={[
              { value: '', label: t.dayOffOptions.any },
              { value: 'yes', label: t.dayOffOptions.yes },
              { value: 'no', label: t.dayOffOptions.no },
            ]}
          />
        </Details>
        <Details
          summary={t.aboutConditions}
          open={['classes', 'regimes', 'sources'].some((name) => many(name).length)}
        >
          <Checkboxes
            name="classes"
            label={t.classes}
            required={false}
            inline
            values={many('classes')}
            options={options(w.classes)}
          />
          <Checkboxes
            name="regimes"
            label={t.regimes}
            required={false}
            inline
            values={many('regimes')}
            options={options(w.regimes)}
          />
          <Checkboxes
            name="sources"
            label={t.sources}
            required={false}
            inline
            values={many('sources')}
            options={options(w.sources)}
          />
        </Details>
      </Section>
      <Section title={t.target}>
        <Radios name="to" label={t.target} value={one('to') || 'organisation'} options={options(t.kinds)} />
        <Select
          name="organisation"
          label={t.organisation}
          required={false}
          empty={t.choose}
          value={one('organisation')}
          options={organisations}
        />
        <Select
          name="unit"
          label={t.unit}
          required={false}
          empty={t.whole}
          value={one('unit')}
          options={units}
        />
        <Details summary={t.coExecutors} open={many('coExecutors').length > 0}>
          <Checkboxes
            name="coExecutors"
            label={t.coExecutors}
            required={false}
            inline
            values={many('coExecutors')}
            options={organisations}
          />
        </Details>
        <Details summary={t.terms} open={clockKinds.some((kind) => one(`term-${kind}`))}>
          <p class="muted">{t.termsLead}</p>
          {clockKinds.map((kind) => (
            <div class="parts" key={kind}>
              <TextInput
                name={`term-${kind}`}
                label={`${w.clocks[kind]}: ${t.amount}`}
                inputmode="numeric"
                required={false}
                value={one(`term-${kind}`)}
                width="xs"
              />
              <Select
                name={`unit-${kind}`}
                label={`${w.clocks[kind]}: ${t.unitOf}`}
                required={false}
                value={one(`unit-${kind}`)}
                options={termUnits.map((value) => ({ value, label: w.units[value] }))}
                width="s"
              />
            </div>
          ))}
        </Details>
        <Checkbox name="default" label={t.isDefault} checked={one('default') === 'yes'} />
      </Section>
    </>
  );
}
