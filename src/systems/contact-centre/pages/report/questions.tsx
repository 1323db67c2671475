import type { FieldFault } from '#platform/errors.ts';
import type { Platform } from '#platform/system.ts';
import {
  Actions,
  Button,
  Checkboxes,
  DateInput,
  Form,
  Notice,
  Radios,
  Select,
  TextArea,
  TextInput,
} from '#ui/index.ts';
import { type Asset, assetByNumber, assetsNamed, assetsNear } from '../../assets.ts';
import { readCity } from '../../city.ts';
import type { LeafData, QuestionData } from '../../city-data.ts';
import { checkAnswers } from '../../questions.ts';
import type { DraftData } from '../draft.ts';
import { formOf, goOn, type Journey, show, withDraft } from './journey.tsx';

type Answers = NonNullable<DraftData['answers']>;

/** The questions that the answers so far call for; without scripts the others come with the next page. */
export function askedOf(leaf: LeafData, answers: Answers): QuestionData[] {
  return (leaf.questions ?? []).filter(
    ({ showIf }) => !showIf || (answers[showIf.question] ?? []).some((key) => showIf.in.includes(key)),
  );
}

async function leafOf(journey: Journey): Promise<LeafData | undefined> {
  const city = await readCity(journey.platform.db);
  return city.leaves.get(journey.draft.data.category ?? '')?.leaf;
}

/** What is asked about the place itself. */
interface PlaceAsked {
  readonly flat: string;
  /** Id of a thing; `none` when it is not among those offered. */
  readonly asset: string;
  /** As it is written on the thing. */
  readonly number: string;
}

/** Step 4: what the category asks. */
export const questionsPage = (platform: Platform) =>
  withDraft(platform, 'questions', async (journey) =>
    draw(journey, journey.draft.data.answers ?? {}, {
      flat: journey.draft.data.place?.flat ?? '',
      asset: journey.draft.data.place?.asset ?? '',
      number: '',
    }),
  );

export const questionsAnswer = (platform: Platform) =>
  withDraft(platform, 'questions', async (journey) => {
    const { c, words, at, draft } = journey;
    const leaf = await leafOf(journey);
    const form = await c.req.formData();
    const texts = (name: string) =>
      form
        .getAll(name)
        .flatMap((value) =>
          typeof value === 'string' && value.trim() ? [value.trim().slice(0, 1_001)] : [],
        );
    const shown = texts('asked').flatMap((list) => list.split(' '));
    const answers: Record<string, string[]> = {};
    for (const { code } of leaf?.questions ?? []) {
      const values = texts(`answers.${code}`);
      if (values.length > 0) answers[code] = values;
    }
    const flat = (texts('flat')[0] ?? '').slice(0, 20);
    const typed = {
      flat,
      asset: texts('asset')[0] ?? '',
      number: (texts('assetNumber')[0] ?? '').slice(0, 40),
    };
    const faults: FieldFault[] = leaf ? [...checkAnswers(leaf, listOf(answers), at.language).faults] : [];
    if (leaf?.needs?.includes('flat') && !flat)
      faults.push({ field: 'flat', message: words.questions.required(words.questions.flat) });
    const asset = leaf?.needs?.includes('asset') ? await chosenAsset(journey, typed) : null;
    if (typed.number && leaf?.needs?.includes('asset') && !asset)
      faults.push({ field: 'assetNumber', message: words.questions.wrongNumber });
    // A question that the answers have only now called for has no fault yet.
    const told = faults.filter(
      ({ field }) => !field.startsWith('answers.') || shown.includes(field.slice('answers.'.length)),
    );
    if (told.length > 0) return draw(journey, answers, typed, told);
    const { asset: _, ...rest } = draft.data.place ?? {};
    const place = { ...rest, ...(flat ? { flat } : {}), ...(asset ? { asset } : {}) };
    if (leaf && askedOf(leaf, answers).some(({ code }) => !shown.includes(code)))
      return draw(journey, answers, { ...typed, ...(asset ? { asset, number: '' } : {}) });
    return goOn(journey, { answers, answered: true, place });
  });

export const listOf = (answers: Answers) =>
  Object.entries(answers).map(([code, values]) => ({ code, values }));

async function draw(
  journey: Journey,
  answers: Answers,
  typed: PlaceAsked,
  faults: readonly FieldFault[] = [],
): Promise<Response> {
  const { at, words } = journey;
  const leaf = await leafOf(journey);
  const asked = leaf ? askedOf(leaf, answers) : [];
  const things = leaf?.needs?.includes('asset') ? await thingsNear(journey) : null;
  return show(
    journey,
    'questions',
    words.questions.ask,
    <>
      <h1>{words.questions.ask}</h1>
      {leaf?.notice && (
        <Notice>
          <p>{leaf.notice[at.language]}</p>
        </Notice>
      )}
      <Form
        {...formOf(journey, 'questions', faults)}
        hidden={{ asked: asked.map(({ code }) => code).join(' ') }}
      >
        {leaf?.needs?.includes('flat') && (
          <TextInput
            name="flat"
            label={words.questions.flat}
            hint={words.questions.flatHint}
            width="xs"
            value={typed.flat}
          />
        )}
        {things && <WhichThing words={words} at={at} things={things} typed={typed} />}
        {asked.map((question) => (
          <Question
            key={question.code}
            question={question}
            language={at.language}
            values={answers[question.code] ?? []}
          />
        ))}
        <Actions>
          <Button>{words.next}</Button>
        </Actions>
      </Form>
    </>,
    faults,
  );
}

/** The place that was told, with the branches of the category that was chosen. */
async function around({ platform, draft }: Journey) {
  const city = await readCity(platform.db);
  const { lat, lon } = draft.data.place ?? {};
  return {
    branches: city.leaves.get(draft.data.category ?? '')?.branches ?? [],
    point: lat === undefined || lon === undefined ? null : { lat, lon },
    centre: city.settings.centre,
  };
}

async function thingsNear(journey: Journey): Promise<readonly Asset[]> {
  const { branches, point, centre } = await around(journey);
  return point ? assetsNear(journey.platform.db, branches, point, centre) : [];
}

/** Id of the thing by its typed number, else the one that was chosen; null for none. */
async function chosenAsset(journey: Journey, typed: PlaceAsked): Promise<string | null> {
  const { db } = journey.platform;
  const { branches, point, centre } = await around(journey);
  if (typed.number) return (await assetByNumber(db, branches, typed.number, point, centre))?.id ?? null;
  return (await assetsNamed(db, [typed.asset])).has(typed.asset) ? typed.asset : null;
}

function WhichThing(props: Pick<Journey, 'words' | 'at'> & { things: readonly Asset[]; typed: PlaceAsked }) {
  const { at, things, typed } = props;
  const words = props.words.questions;
  return (
    <>
      {things.length > 0 && (
        <Radios
          name="asset"
          label={words.asset}
          hint={words.assetHint}
          required={false}
          value={typed.asset || 'none'}
          options={[
            ...things.map(({ id, name, metres }) => ({
              value: id,
              label: words.away(name[at.language], at.number(Math.round(metres ?? 0))),
            })),
            { value: 'none', label: words.noAsset },
          ]}
        />
      )}
      <TextInput
        name="assetNumber"
        label={words.assetNumber}
        {...(things.length > 0 ? {} : { hint: words.assetHint })}
        required={false}
        width="s"
        value={typed.number}
      />
    </>
  );
}

/** One question of a category, as the kind of field it needs. */
export function Question(props: {
  question: QuestionData;
  language: 'uk' | 'en';
  values: readonly string[];
}) {
  const { question, language, values } = props;
  const label = question.description[language];
  if (question.datatype === 'information')
    return (
      <Notice>
        <p>{label}</p>
      </Notice>
    );
  const field = {
    name: `answers.${question.code}`,
    label,
    required: question.required === true,
    ...(question.hint ? { hint: question.hint[language] } : {}),
  };
  const value = values[0] ?? '';
  const options = (question.values ?? []).map((one) => ({ value: one.key, label: one.name[language] }));
  switch (question.datatype) {
    case 'singlevaluelist':
      return options.length > 7 ? (
        <Select {...field} options={options} value={value} empty="" />
      ) : (
        <Radios {...field} options={options} value={value} />
      );
    case 'multivaluelist':
      return <Checkboxes {...field} options={options} values={values} />;
    case 'text':
      return <TextArea {...field} rows={3} value={value} maxlength={1_000} />;
    case 'number':
      return <TextInput {...field} inputmode="decimal" width="s" value={value} />;
    case 'datetime':
      return <DateInput {...field} value={value} />;
    default:
      return <TextInput {...field} value={value} />;
  }
}
