import { Conflict, type FieldFault, type Refusal } from '#platform/errors.ts';
import { attempt, isUnreadable } from '#platform/http/forms.ts';
import { countedNetwork } from '#platform/http/limits.ts';
import type { Platform } from '#platform/system.ts';
import type { Work } from '#platform/work.ts';
import { Actions, Button, Form, SummaryList, TextArea } from '#ui/index.ts';
import { assetsNamed } from '../../assets.ts';
import { readCity } from '../../city.ts';
import { joinRequest } from '../../joining.ts';
import { reopenNearby } from '../../reopening.ts';
import { type NewReporter, registerRequest } from '../../requests.ts';
import { finishDraft, keepDraft, lockDraft, photosOf, type Receipt, seal } from '../draft.ts';
import { fields } from '../kit.tsx';
import { answerOverLimit, OverLimit, overLimitOf } from '../over-limit.tsx';
import { shownNumber } from '../text.ts';
import { formOf, type Journey, pathOf, type StepName, show, withDraft } from './journey.tsx';
import { listOf } from './questions.tsx';

/** Step 7: everything once more, each answer with a way to change it. */
export const checkPage = (platform: Platform) => withDraft(platform, 'check', (journey) => draw(journey));

/** Step 8: one request however often the button is pressed; then the receipt. */
export const send = (platform: Platform) =>
  withDraft(platform, 'check', async (journey) => {
    const { c, at, words, draft } = journey;
    const { comment = '' } = await fields(c);
    const reopens = Boolean(draft.data.join && draft.data.reopen);
    if (reopens && (comment.length < 2 || isUnreadable(comment)))
      return draw(journey, [{ field: 'comment', message: words.nearby.commentMissing }], { comment });
    const sent = await attempt(() =>
      platform.work(
        c.var.visit.actor,
        async (work) => {
          if (await lockDraft(work.tx, draft)) return;
          const receipt = draft.data.join
            ? await join(work, journey, draft.data.join, reopens ? comment.slice(0, 4_000) : null)
            : await register(work, journey);
          await finishDraft(work.tx, draft, receipt, work.clock.now());
        },
        { requestId: c.var.visit.requestId },
      ),
    ).catch(async (error: unknown) => {
      const over = overLimitOf(error);
      if (over) return { done: false as const, faults: [], over };
      if (!(error instanceof Conflict && error.code === 'closed')) throw error;
      await keepDraft(platform.db, draft, { join: null, reopen: false }, platform.clock.now());
      return { done: false as const, faults: [{ field: 'join', message: words.nearby.closed }] };
    });
    if (!sent.done)
      return draw(journey, sent.faults, { comment, ...('over' in sent ? { over: sent.over } : {}) });
    return c.redirect(at.href('/report/done'), 303);
  });

function reporterOf({ c, draft, at }: Journey): NewReporter {
  const { actor } = c.var.visit;
  const { contact } = draft.data;
  return {
    person: actor.kind === 'person' ? actor.id : null,
    name: contact?.name ?? null,
    phone: contact?.phone ?? null,
    email: contact?.email ?? null,
    confirmed: contact?.confirmed === true,
    channel: 'web',
    language: at.language,
    notify: contact?.how !== 'none' || actor.kind === 'person',
  };
}

const countedOf = ({ c }: Journey) => ({ network: countedNetwork(c) });

async function join(work: Work, journey: Journey, number: string, comment: string | null): Promise<Receipt> {
  const [reporter, counted] = [reporterOf(journey), countedOf(journey)];
  const { followToken } =
    comment === null
      ? await joinRequest(work, number, reporter, counted)
      : await reopenNearby(work, number, reporter, comment, counted);
  return { number, sealed: seal(journey.draft, followToken), joined: true };
}

async function register(work: Work, journey: Journey): Promise<Receipt> {
  const { draft } = journey;
  const { place = {}, category = '', text = '', answers = {}, contact } = draft.data;
  const registered = await registerRequest(work, {
    source: 'web',
    intakeKey: draft.intakeKey,
    category,
    text,
    answers: listOf(answers),
    place: {
      point: place.lat !== undefined && place.lon !== undefined ? { lat: place.lat, lon: place.lon } : null,
      building: place.building ?? null,
      address: [place.address, place.words].filter(Boolean).join('. ') || null,
      flat: place.flat ?? null,
      asset: place.asset ?? null,
    },
    reporter: reporterOf(journey),
    private: contact?.private ?? false,
    photos: await photosOf(work.tx, draft),
    follows: draft.data.follows ?? null,
    counted: countedOf(journey),
  });
  return { number: registered.number, sealed: seal(draft, registered.followToken) };
}

/** The page that asks for a field of the domain. */
function stepOf(field: string): StepName {
  if (field === 'place') return 'place';
  if (field === 'category') return 'category';
  if (field === 'text') return 'details';
  return field === 'flat' || field === 'asset' || field.startsWith('answers.') ? 'questions' : 'contact';
}

async function draw(
  journey: Journey,
  faults: readonly FieldFault[] = [],
  shown: { readonly over?: Refusal; readonly comment?: string } = {},
): Promise<Response> {
  const { over } = shown;
  const { at, words, platform, draft } = journey;
  const { data } = draft;
  const [city, photos] = await Promise.all([readCity(platform.db), photosOf(platform.db, draft)]);
  const leaf = city.leaves.get(data.category ?? '')?.leaf;
  const change = (step: StepName) => at.href(pathOf(step), { change: '1' });
  const { place, contact } = data;
  const thing = place?.asset ? (await assetsNamed(platform.db, [place.asset])).get(place.asset) : undefined;
  const point =
    place?.lat !== undefined && place.lon !== undefined
      ? words.place.point(place.lat.toFixed(5), place.lon.toFixed(5))
      : '';
  const told = [place?.building ? place.address : place?.address && words.place.near(place.address)];
  const where = [...told, place?.words, place?.building ? '' : point].filter(Boolean).join('. ');
  const answers = (leaf?.questions ?? []).flatMap((question) => {
    const values = data.answers?.[question.code];
    if (!values) return [];
    const shown = values.map(
      (value) => question.values?.find(({ key }) => key === value)?.name[at.language] ?? value,
    );
    const name = question.description[at.language];
    return [{ name, value: shown.join(', '), change: change('questions') }];
  });
  const rows = data.join
    ? [
        {
          name: data.reopen ? words.nearby.reopening : words.nearby.joined,
          value: shownNumber(data.join),
          change: change('nearby'),
        },
      ]
    : [
        { name: words.steps.place, value: where, change: change('place') },
        ...(place?.flat
          ? [{ name: words.questions.flat, value: place.flat, change: change('questions') }]
          : []),
        ...(thing
          ? [{ name: words.questions.object, value: thing[at.language], change: change('questions') }]
          : []),
        { name: words.steps.category, value: leaf?.name[at.language] ?? '', change: change('category') },
        ...answers,
        { name: words.steps.details, value: data.text ?? '', change: change('details') },
        ...(photos.length > 0
          ? [
              {
                name: words.details.added,
                value: words.check.photos(photos.length),
                change: change('details'),
              },
            ]
          : []),
      ];
  return show(
    journey,
    'check',
    words.check.ask,
    <>
      <h1>{words.check.ask}</h1>
      {over && (
        <OverLimit
          platform={platform}
          at={at}
          refusal={over}
          phone={city.settings.phone}
          back={at.href(pathOf('check'))}
        />
      )}
      <SummaryList
        rows={[
          ...rows,
          {
            name: words.steps.contact,
            value: contact?.phone ?? contact?.email ?? words.check.nobody,
            change: change('contact'),
          },
          ...(data.join
            ? []
            : [
                {
                  name: words.contact.visibility,
                  value: contact?.private ? words.check.private : words.check.public,
                  change: change('contact'),
                },
              ]),
        ]}
      />
      {faults.length > 0 && faults[0]!.field !== 'comment' && (
        <p>
          <a href={change(stepOf(faults[0]!.field))}>{words.steps[stepOf(faults[0]!.field)]}</a>
        </p>
      )}
      <Form {...formOf(journey, 'check', faults)}>
        {data.join && data.reopen && (
          <TextArea
            name="comment"
            label={words.nearby.comment}
            hint={words.nearby.commentHint}
            rows={3}
            value={shown.comment ?? ''}
          />
        )}
        <Actions>
          <Button>
            {!data.join ? words.check.send : data.reopen ? words.nearby.sendReopen : words.nearby.send}
          </Button>
        </Actions>
      </Form>
    </>,
    faults,
    over && answerOverLimit(journey.c, over),
  );
}
