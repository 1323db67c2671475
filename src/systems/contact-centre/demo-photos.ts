import sharp from 'sharp';
import { type FileStore, keepAgain, keepFile } from '#platform/files/index.ts';
import type { Work } from '#platform/work.ts';
import { type GivenPhoto, smallSize, smallVariant } from './photos.ts';

/** Pictures of an invented city: one scene a branch, as it was and as it is after the work. */
export interface DemoPictures {
  /** A new file with the scene of the branch, as if taken at the place. */
  take(
    work: Work,
    branch: string,
    when: 'before' | 'after',
    place: { readonly lat: number; readonly lon: number },
  ): Promise<GivenPhoto>;
}

const size = { width: 960, height: 720 };

/** What is wrong, and what it looks like afterwards, drawn over a street of 960 × 720. */
const scenes: Readonly<Record<string, readonly [before: string, after: string]>> = {
  roads: [
    '<path d="M330 560q90-70 210-40 120 20 90 80-60 70-200 50-130-20-100-90z" fill="#2b2f31"/><path d="M370 575q80-45 160-25 70 20 55 50-40 40-130 25-90-15-85-50z" fill="#57747f"/>',
    '<path d="M320 545l300-20 40 90-320 25z" fill="#3f464a"/><path d="M460 470h40v60h-40zM460 640h40v60h-40z" fill="#f2f0e6"/>',
  ],
  lighting: [
    '<path d="M0 0h960v720H0z" fill="#0d1526" opacity=".72"/><path d="M600 620V210q0-40 60-40h60" stroke="#3b4149" stroke-width="14" fill="none"/><path d="M700 160h70v26h-70z" fill="#20242a"/>',
    '<path d="M0 0h960v720H0z" fill="#0d1526" opacity=".45"/><path d="M735 186l190 460H480z" fill="#ffe9a3" opacity=".55"/><path d="M600 620V210q0-40 60-40h60" stroke="#59616b" stroke-width="14" fill="none"/><path d="M700 160h70v26h-70z" fill="#fff3c4"/>',
  ],
  waste: [
    '<g fill="#2f6b4f"><path d="M250 430h150v150H250zM430 430h150v150H430z"/></g><g fill="#6b5a48"><circle cx="620" cy="560" r="52"/><circle cx="690" cy="585" r="40"/><circle cx="300" cy="405" r="45"/><circle cx="490" cy="400" r="50"/></g><path d="M580 600h190v22H580z" fill="#8a8578"/>',
    '<g fill="#2f6b4f"><path d="M250 430h150v150H250zM430 430h150v150H430z"/><path d="M240 415h170v22H240zM420 415h170v22H420z" fill="#234f3b"/></g>',
  ],
  trees: [
    '<path d="M140 600q250-110 560-70l40 45q-320-25-580 70z" fill="#6f4e37"/><g fill="#3d7a4a"><circle cx="720" cy="520" r="95"/><circle cx="800" cy="575" r="75"/></g>',
    '<path d="M440 610h90l-16-70h-58z" fill="#6f4e37"/><ellipse cx="485" cy="540" rx="30" ry="9" fill="#caa57a"/>',
  ],
  snow: [
    '<path d="M0 500q240-70 480-20t480-15v255H0z" fill="#eef4f8"/><path d="M150 600q120-90 250-20 130-70 240 10 120-50 210 30v100H150z" fill="#fff"/>',
    '<path d="M0 500h960v40H0z" fill="#eef4f8"/><path d="M0 540h960v180H0z" fill="#7d858b"/><path d="M0 610h960v10H0z" fill="#a9b0b5"/>',
  ],
  water: [
    '<path d="M300 520h330v30H300z" fill="#4d565c"/><path d="M470 520q-30-160-120-190 150 10 140 190zM490 520q20-190 130-210-110 50-100 210z" fill="#8fc7dd"/><ellipse cx="480" cy="620" rx="330" ry="55" fill="#7fb6cc"/>',
    '<path d="M300 520h330v30H300z" fill="#4d565c"/><path d="M430 508h90v54h-90z" fill="#2d6cb5"/>',
  ],
  house: [
    '<path d="M180 180h600v420H180z" fill="#d9cbb3"/><path d="M300 240q60 80 20 160t50 180M560 200q-40 100 30 170" stroke="#6b5d4a" stroke-width="9" fill="none"/><path d="M430 420h110v180H430z" fill="#5b4636"/>',
    '<path d="M180 180h600v420H180z" fill="#e8dcc6"/><path d="M430 420h110v180H430z" fill="#2f5d8a"/><g fill="#bcd6e6"><path d="M240 250h90v100h-90zM640 250h90v100h-90z"/></g>',
  ],
};

const likeOthers: Readonly<Record<string, string>> = {
  heating: 'house',
  lifts: 'house',
  power: 'lighting',
  gas: 'house',
  transport: 'roads',
  access: 'roads',
};

/**
 * Draws the scenes once and keeps them; each request then gets files of its own with the same content, so the store grows
 * by a few hundred kilobytes.
 */
export async function drawDemoPictures(work: Work, files: FileStore): Promise<DemoPictures> {
  const drawn = new Map<string, string>();
  for (const [name, pair] of Object.entries(scenes))
    for (const [index, when] of (['before', 'after'] as const).entries())
      drawn.set(`${name} ${when}`, await draw(work, files, pair[index]!, when));
  return {
    async take(inWork, branch, when, place) {
      const name = branch in scenes ? branch : (likeOthers[branch] ?? 'waste');
      const file = await keepAgain(inWork, drawn.get(`${name} ${when}`)!);
      return { file, ...size, takenAt: inWork.clock.now(), ...place };
    },
  };
}

async function draw(work: Work, files: FileStore, scene: string, when: 'before' | 'after'): Promise<string> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">
    <path fill="#cfdfe8" d="M0 0h960v720H0z"/><path fill="#b4b9a8" d="M0 300h960v140H0z"/><path fill="#9aa0a3" d="M0 440h960v280H0z"/>
    ${scene}
    <path d="M0 664h960v56H0z" fill="#10243a" opacity=".85"/>
    <text x="24" y="702" font-family="sans-serif" font-size="30" fill="#fff">Демонстрація · ${when === 'before' ? 'до робіт' : 'після робіт'}</text></svg>`;
  const whole = await sharp(Buffer.from(svg)).jpeg({ quality: 70 }).toBuffer();
  const small = smallSize(size);
  const type = 'image/jpeg';
  return keepFile(work, files, {
    content: whole,
    type,
    name: 'demo.jpg',
    ...size,
    variants: {
      [smallVariant]: {
        content: await sharp(whole).resize(small.width, small.height).jpeg({ quality: 68 }).toBuffer(),
        type,
        ...small,
      },
    },
  });
}
