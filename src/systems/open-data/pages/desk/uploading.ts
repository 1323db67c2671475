import { filesOf } from '#platform/files/index.ts';
import type { Platform } from '#platform/system.ts';
import { Upload } from '../../resource-input.ts';

/** The most bytes of a file that a form brings. */
const largest = 60 * 1024 * 1024;

/** Keeps a file that came with a form. */
export async function uploadOf(platform: Platform, file: File): Promise<Upload> {
  const store = filesOf(platform.config);
  return new Upload(await store.put(file.stream(), largest), file.name, store);
}
