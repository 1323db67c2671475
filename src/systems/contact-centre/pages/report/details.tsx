import type { FieldFault } from '#platform/errors.ts';
import { isUnreadable } from '#platform/http/forms.ts';
import type { Platform } from '#platform/system.ts';
import { Actions, Button, FileInput, Form, Notice, TextArea } from '#ui/index.ts';
import { readCity } from '../../city.ts';
import { addPhoto, dropPhoto, keepDraft, photosOf } from '../draft.ts';
import { formOf, goOn, type Journey, show, withDraft } from './journey.tsx';
import type { PhotoStore } from './photos.ts';

const longest = 4_000;
const mostPhotos = 10;
const biggest = 15 * 1024 * 1024;

/** Step 5: the description and photos. */
export const detailsPage = (platform: Platform, store?: PhotoStore) =>
  withDraft(platform, 'details', (journey) => draw(journey, store, journey.draft.data.text ?? ''));

export const detailsAnswer = (platform: Platform, store?: PhotoStore) =>
  withDraft(platform, 'details', async (journey) => {
    const { c, words, draft, at } = journey;
    const form = await c.req.formData();
    const now = platform.clock.now();
    const typed = form.get('text');
    const text = (typeof typed === 'string' ? typed : '').replaceAll('\r\n', '\n').trim();
    const drop = form.get('drop');
    if (typeof drop === 'string') await dropPhoto(platform.db, draft, drop);
    const faults: FieldFault[] = store ? await keepPhotos(journey, form) : [];
    const length = [...text].length;
    const onlyPhotos = drop !== null || form.get('add') !== null;
    if (length > longest) faults.unshift({ field: 'text', message: words.details.long(at.number(longest)) });
    else if (!onlyPhotos && (length < 5 || isUnreadable(text)))
      faults.unshift({ field: 'text', message: words.details.short });
    if (faults.length > 0 || onlyPhotos) {
      if (length > 4 && length <= longest && !isUnreadable(text))
        await keepDraft(platform.db, draft, { text }, now);
      return draw(journey, store, text.slice(0, 2 * longest), faults);
    }
    return goOn(journey, { text });
  });

/** The kind of picture that the bytes themselves show; names and what the browser says prove nothing. */
function pictureType(bytes: Buffer): string | null {
  if (bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'image/jpeg';
  if (bytes.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]))) return 'image/png';
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP')
    return 'image/webp';
  return null;
}

async function keepPhotos(journey: Journey, form: FormData): Promise<FieldFault[]> {
  const { words, draft, platform } = journey;
  const faults: FieldFault[] = [];
  let count = (await photosOf(platform.db, draft)).length;
  for (const file of form.getAll('photos')) {
    if (typeof file === 'string' || file.size === 0) continue;
    const name = file.name.slice(0, 200);
    const fault = (message: string) => faults.push({ field: 'photos', message });
    if (count >= mostPhotos) fault(words.details.tooMany(name));
    else if (file.size > biggest) fault(words.details.tooBig(name));
    else {
      const content = Buffer.from(await file.arrayBuffer());
      const type = pictureType(content);
      if (!type) {
        fault(words.details.wrongType(name));
        continue;
      }
      await addPhoto(platform.db, draft, { name, type, content }, platform.clock.now());
      count += 1;
    }
  }
  return faults;
}

async function draw(
  journey: Journey,
  store: PhotoStore | undefined,
  text: string,
  faults: readonly FieldFault[] = [],
): Promise<Response> {
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
        {store && (
          <FileInput
            name="photos"
            label={words.details.photos}
            hint={words.details.photosHint}
            accept="image/jpeg,image/png,image/webp"
            multiple
            required={false}
          />
        )}
        <Actions>
          <Button>{words.next}</Button>
          {store && (
            <Button look="secondary" name="add" value="1">
              {words.details.add}
            </Button>
          )}
        </Actions>
      </Form>
    </>,
    faults,
  );
}
