import type { FieldFault } from '#platform/errors.ts';
import type { Text } from '#platform/i18n/index.ts';
import type { Platform } from '#platform/system.ts';
import { Actions, Button, Details, Form, fieldId, LinkButton, Notice, Radios, Search } from '#ui/index.ts';
import { type City, readCity } from '../../city.ts';
import type { LeafData } from '../../city-data.ts';
import { keepSentOn } from '../../contacts.ts';
import type { DraftData } from '../draft.ts';
import { fields } from '../kit.tsx';
import { actionOf, formOf, goOn, type Journey, show, withDraft } from './journey.tsx';
import { neighbours } from './nearby.tsx';
import { meant, suggest } from './suggest.ts';

/** Step 3: search by words, three suggestions, and the whole tree. */
export const categoryPage = (platform: Platform) =>
  withDraft(platform, 'category', (journey) => draw(journey));

export const categoryAnswer = (platform: Platform) =>
  withDraft(platform, 'category', async (journey) => {
    const { platform, words, draft } = journey;
    const typed = await fields(journey.c);
    const city = await readCity(platform.db);
    const leaf = city.leaves.get(typed.category ?? '')?.leaf;
    if (!leaf || leaf.successor)
      return draw(journey, typed.q ?? '', [{ field: 'category', message: words.category.missing }]);
    if (leaf.stopper) return stop(journey, leaf, leaf.stopper);
    if (leaf.competence) {
      const { building } = draft.data.place ?? {};
      await platform.work(journey.c.var.visit.actor, (work) =>
        keepSentOn(work, { conversation: draft.intakeKey, category: leaf.code, building }),
      );
      return stop(journey, leaf, leaf.competence);
    }
    const fresh = await neighbours(journey, { ...draft.data, category: leaf.code });
    return goOn(journey, {
      ...chosenCategory(draft.data, leaf),
      ...(fresh.length > 0 ? { nearbySeen: false, noNearby: false } : {}),
    });
  });

/** What choosing a category does to a draft: other questions make the answers void. */
export function chosenCategory(data: DraftData, leaf: LeafData): DraftData {
  const isNew = leaf.code !== data.category;
  const asks = leaf.needs?.some((need) => need === 'flat' || need === 'asset');
  const noQuestions = !leaf.questions?.length && !asks;
  return {
    category: leaf.code,
    noQuestions,
    ...(isNew ? { answers: {} } : {}),
    answered: noQuestions || (!isNew && data.answered === true),
  };
}

/** Some matters must not wait for a form, or are not the city's: the person is told whom to ask. */
function stop(journey: Journey, leaf: LeafData, told: Text): Response {
  const { at, words } = journey;
  return show(
    journey,
    'category',
    leaf.name[at.language],
    <>
      <h1>{leaf.name[at.language]}</h1>
      <Notice
        tone={leaf.stopper ? 'danger' : 'warning'}
        title={leaf.stopper ? words.category.stop : words.category.sentOn}
      >
        <p>{told[at.language]}</p>
      </Notice>
      {!leaf.stopper && <p class="muted">{words.category.sentOnWhat}</p>}
      <Actions>
        <LinkButton look="secondary" href={actionOf(journey, 'category')}>
          {words.category.other}
        </LinkButton>
      </Actions>
    </>,
  );
}

/** The leaves of service requests in use under their branches, in the order of their numbers. */
export function grouped(city: City, language: 'uk' | 'en') {
  const byNumber = (a: { number: string }, b: { number: string }) => (a.number < b.number ? -1 : 1);
  const leaves = [...city.leaves.values()]
    .map(({ leaf }) => leaf)
    .filter((leaf) => !leaf.successor && leaf.regime !== 'statutory');
  return [...city.branches.values()]
    .toSorted(byNumber)
    .map((branch) => ({
      code: branch.code,
      name: branch.name[language],
      options: leaves
        .filter((leaf) => leaf.parent === branch.code)
        .toSorted(byNumber)
        .map((leaf) => ({ value: leaf.code, label: leaf.name[language] })),
    }))
    .filter((branch) => branch.options.length > 0);
}

async function draw(journey: Journey, asked?: string, faults: readonly FieldFault[] = []): Promise<Response> {
  const { at, words, c, platform, draft } = journey;
  const city = await readCity(platform.db);
  const q = (asked ?? c.req.query('q') ?? '').slice(0, 200);
  const asTyped = suggest(city.leaves.values(), q, at.language);
  const other = q && asTyped.length === 0 ? meant(city, q) : null;
  const suggestions = other ? suggest(city.leaves.values(), other, at.language) : asTyped;
  const chosen = draft.data.category;
  const parent = chosen ? city.leaves.get(chosen)?.leaf.parent : undefined;
  const form = formOf(journey, 'category', faults);
  return show(
    journey,
    'category',
    words.category.ask,
    <>
      <h1>{words.category.ask}</h1>
      <Search action={at.href('/report/category/search')} label={words.category.search} value={q} />
      <p class="hint">{words.category.search}</p>
      {q && suggestions.length === 0 && <Notice>{words.category.nothing}</Notice>}
      <Form {...form} hidden={{ q }}>
        {suggestions.length > 0 && (
          <Radios
            name="category"
            label={other ? words.category.meant(other) : words.category.suggested}
            options={suggestions.map((one) => ({
              value: one.code,
              label: city.leaves.get(one.code)!.leaf.name[at.language],
              hint: words.category.because(one.because.join(', ')),
            }))}
          />
        )}
        <h2 id={suggestions.length > 0 ? undefined : fieldId('category')}>{words.category.all}</h2>
        <div>
          {grouped(city, at.language).map((branch) => (
            <Details key={branch.code} summary={branch.name} open={branch.code === parent && !q}>
              <Radios
                name="category"
                id={`category-${branch.code}`}
                label={branch.name}
                error=""
                options={branch.options}
                {...(chosen && !q ? { value: chosen } : {})}
              />
            </Details>
          ))}
        </div>
        <Actions>
          <Button>{words.next}</Button>
        </Actions>
      </Form>
    </>,
    faults,
  );
}
