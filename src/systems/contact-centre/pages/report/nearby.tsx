import type { FieldFault } from '#platform/errors.ts';
import type { Platform } from '#platform/system.ts';
import { Actions, Button, Card, Form, Grid } from '#ui/index.ts';
import { readCity } from '../../city.ts';
import { type Nearby, nearby } from '../../duplicates.ts';
import { reopenable } from '../../reopening.ts';
import type { DraftData } from '../draft.ts';
import { fields, StateBadge } from '../kit.tsx';
import { thumbnailOf } from '../photos.tsx';
import { reportsAround } from '../reads.ts';
import { shownNumber } from '../text.ts';
import { formOf, goOn, type Journey, show, withDraft } from './journey.tsx';

/**
 * At most five reports that may be the same: of any kind before a category is chosen, of its group afterwards. Those that
 * the resident has put aside do not come back.
 */
export async function neighbours(journey: Journey, data: DraftData): Promise<Nearby[]> {
  const { platform } = journey;
  const { lat, lon } = data.place ?? {};
  if (lat === undefined || lon === undefined) return [];
  const city = await readCity(platform.db);
  const leaf = data.category ? city.leaves.get(data.category)?.leaf : undefined;
  const about = { point: { lat, lon }, centre: city.settings.centre, now: platform.clock.now() };
  const found = leaf
    ? await nearby(platform.db, {
        ...about,
        group: leaf.clusterGroup ?? leaf.code,
        ...(leaf.duplicateRadius ? { radius: leaf.duplicateRadius } : {}),
      })
    : await reportsAround(platform.db, { ...about, radius: 250, limit: 5 });
  return found.filter((one) => !data.others?.includes(one.number));
}

/** The same problem is joined; what was closed lately as done and is not, is opened again. */
const mayJoin = (one: Nearby): boolean =>
  one.state !== 'closed' || reopenable.some((closing) => closing === one.closing);

/** Step 2: the problem may have been reported already; going on with an own report is always possible. */
export const nearbyPage = (platform: Platform) => withDraft(platform, 'nearby', (journey) => draw(journey));

export const nearbyAnswer = (platform: Platform) =>
  withDraft(platform, 'nearby', async (journey) => {
    const typed = await fields(journey.c);
    const found = await neighbours(journey, { ...journey.draft.data, others: [] });
    const chosen = found.find((one) => one.number === typed.join);
    if (chosen && mayJoin(chosen))
      return goOn(journey, { join: chosen.number, reopen: chosen.state === 'closed', nearbySeen: true });
    if (typed.join !== 'another')
      return draw(journey, [{ field: 'join', message: journey.words.nearby.choose }]);
    const others = [...(journey.draft.data.others ?? []), ...found.map((one) => one.number)];
    return goOn(journey, { join: null, reopen: false, nearbySeen: true, others: [...new Set(others)] });
  });

async function draw(journey: Journey, faults: readonly FieldFault[] = []): Promise<Response> {
  const { at, words, platform, draft } = journey;
  const city = await readCity(platform.db);
  const fresh = await neighbours(journey, draft.data);
  const found = fresh.length > 0 ? fresh : await neighbours(journey, { ...draft.data, others: [] });
  return show(
    journey,
    'nearby',
    words.nearby.ask,
    <Form {...formOf(journey, 'nearby', faults)}>
      <h1>{words.nearby.ask}</h1>
      <p class="lead">{words.nearby.lead}</p>
      <Grid min="wide">
        {found.map((one) => (
          <Card
            key={one.number}
            level={2}
            title={city.leaves.get(one.category)?.leaf.name[at.language] ?? one.category}
            aside={<StateBadge language={at.language} state={one.state} closing={one.closing} />}
            photo={
              one.photo
                ? thumbnailOf(
                    at,
                    { id: one.photo, kind: 'report', width: 480, height: 360 },
                    city.leaves.get(one.category)?.leaf.name[at.language] ?? one.category,
                  )
                : null
            }
            footer={
              <span class="muted">
                <a href={at.href(`/requests/${one.number}`)} class="mono">
                  {shownNumber(one.number)}
                </a>{' '}
                · <time dateTime={one.createdAt.toISOString()}>{at.date(one.createdAt)}</time> ·{' '}
                {words.nearby.people(at.number(one.reporters))}
              </span>
            }
          >
            <p>{one.text ?? at.text.hiddenText}</p>
            <p class="muted">
              {one.address && `${one.address}, `}
              {words.nearby.distance(at.number(Math.round(one.distance)))}
            </p>
            {mayJoin(one) && (
              <Button look="secondary" name="join" value={one.number}>
                {one.state === 'closed' ? words.nearby.reopen : words.nearby.join}
                <span class="visually-hidden"> {shownNumber(one.number)}</span>
              </Button>
            )}
          </Card>
        ))}
      </Grid>
      <Actions>
        <Button name="join" value="another">
          {words.nearby.another}
        </Button>
      </Actions>
    </Form>,
    faults,
  );
}
