import type { Work } from '#platform/work.ts';
import { type Draft, photoContents } from '../draft.ts';

/** Where a city keeps files. Without one, reports do not ask for photos: none may be taken and lost. */
export interface PhotoStore {
  /** Stores a photo without its metadata; throws Invalid for what is no picture. */
  keep(
    work: Work,
    photo: { readonly name: string; readonly type: string; readonly content: Buffer },
  ): Promise<{ readonly file: string; readonly width?: number; readonly height?: number }>;
}

/** Moves the draft's photos into the store, in the transaction of the report. */
export async function storePhotos(work: Work, store: PhotoStore | undefined, draft: Draft) {
  if (!store) return [];
  const stored: Awaited<ReturnType<PhotoStore['keep']>>[] = [];
  for (const photo of await photoContents(work.tx, draft)) stored.push(await store.keep(work, photo));
  return stored;
}
