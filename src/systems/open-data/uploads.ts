import { keepStored } from '#platform/files/index.ts';
import type { Work } from '#platform/work.ts';
import { guessFormat } from './formats.ts';
import type { Upload } from './resource-input.ts';

/** Makes the bytes that came with a call a file of the city. @returns its id */
export function keepUpload(work: Work, upload: Upload): Promise<string> {
  return keepStored(work, upload.store, upload.content, {
    name: upload.name,
    type: guessFormat(upload.name).mediaType ?? 'application/octet-stream',
  });
}
