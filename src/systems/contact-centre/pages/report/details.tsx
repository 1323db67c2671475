import type { FieldFault } from '#platform/errors.ts';
import { isUnreadable } from '#platform/http/forms.ts';
import { countedNetwork } from '#platform/http/limits.ts';
import type { Platform } from '#platform/system.ts';
import { Actions, Button, FileInput, Form, Notice, TextArea } from '#ui/index.ts';
import { readCity } from '../../city.ts';
import { mostPhotos, photoTypes, receivePhotos } from '../../photos.ts';
import { addPhoto, dropPhoto, keepDraft, photosOf } from '../draft.ts';
import { formOf, goOn, type Journey, show, withDraft } from './journey.tsx';

const longest = 4_000;

/** Step 5: the description and photos. */
export const detailsPage = (platform: Platform) =>
  withDraft(platform, 'details', (journey) => draw(journey, journey.draft.data.text ?? ''));

export const detailsAnswer = (platform: Platform) =>
  withDraft(platform, 'details', async (journey) => {
    const { c, words, draft, at } = journey;
    const form = await c.req.formData();
    const now = platform.clock.now();
    const typed = form.get('text');
    const text = (typeof typed === 'string' ? typed : '').replaceAll('\r\n', '\n').trim();
    const drop = form.get('drop');
    if (typeof drop === 'string')
      await platform.work(c.var.visit.actor, (work) => dropPhoto(work, draft, drop), {
        requestId: c.var.visit.requestId,
      });
    const faults = await keepPhotos(journey, form);
    const length = [...text].length;
    const onlyPhotos = drop !== null || form.get('add') !== null;
    if (length > longest) faults.unshift({ field: 'text', message: words.details.long(at.number(longest)) });
    else if (!onlyPhotos && (length < 5 || isUnreadable(text)))
      faults.unshift({ field: 'text', message: words.details.short });
    if (faults.length > 0 || onlyPhotos) {
      if (length > 4 && length <= longest && !isUnreadable(text))
        await keepDraft(platform.db, draft, { text }, now);
      return draw(journey, text.slice(0, 2 * longest), faults);
    }
    return goOn(journey, { text });
  });

async function keepPhotos({ c, draft, platform, at }: Journey, form: FormData): Promise<FieldFault[]> {
  const there = await photosOf(platform.db, draft);
  const { photos, faults } = await receivePhotos(
    platform,
    c.var.visit.actor,
    form.getAll('photos').filter((file) => typeof file !== 'string'),
    {
      language: at.language,
      room: mostPhotos - there.length,
      requestId: c.var.visit.requestId,
      network: countedNetwork(c),
    },
  );
  for (const photo of photos) await addPhoto(platform.db, draft, photo, platform.clock.now());
  return faults.map((message) => ({ field: 'photos', message }));
}

async function draw(journey: Journey, text: string, faults: readonly FieldFault[] = []): Promise<Response> {
  const { words, draft, platform, at } = journey;
  const [photos, city] = await Promise.all([photosOf(platform.db, draft), readCity(platform.db)]);
  const leaf = city.leaves.get(draft.data.category ?? '')?.leaf;
  return show(
    journey,
    'details',
    words.details.ask,
    <>
      {leaf?.notice && !leaf.questions?.length && (
        <Notice>
          <p>{leaf.notice[at.language]}</p>
        </Notice>
      )}
      <Form {...formOf(journey, 'details', faults)} multipart>
        <TextArea
          name="text"
          label={words.details.ask}
          heading
          hint={words.details.hint}
          rows={6}
          maxlength={longest}
          value={text}
        />
        {photos.length > 0 && (
          <section>
            <h2>{words.details.added}</h2>
            <ul>
              {photos.map((photo) => (
                <li key={photo.id}>
                  {photo.name}{' '}
                  <Button look="quiet" size="small" name="drop" value={photo.id}>
                    {words.details.drop}
                    <span class="visually-hidden"> {photo.name}</span>
                  </Button>
                </li>
              ))}
            </ul>
          </section>
        )}
        <FileInput
          name="photos"
          label={words.details.photos}
          hint={words.details.photosHint}
          accept={photoTypes}
          multiple
          required={false}
        />
        <Actions>
          <Button>{words.next}</Button>
          <Button look="secondary" name="add" value="1">
            {words.details.add}
          </Button>
        </Actions>
      </Form>
    </>,
    faults,
  );
}
