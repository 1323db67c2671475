import sharp from 'sharp';

/** Where and when the photos of tests were taken: Dnipro, 20.11.2026 08:00:05 in Kyiv. */
export const snapshot = { lat: 48.5, lon: 35.25, at: new Date('2026-11-20T06:00:05Z') };

/** A JPEG as a telephone makes it: turned by a flag, with time, place and its maker. Width and height in pixels, as stored. */
export async function photo(width = 40, height = 30): Promise<Buffer<ArrayBuffer>> {
  const background = { r: 120, g: 140, b: 90 };
  const bytes = await sharp({ create: { width, height, channels: 3, background } })
    .withExif({
      IFD0: { Make: 'Camera-of-Olena' },
      IFD2: { DateTimeOriginal: '2026:11:20 08:00:05' },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '48/1 30/1 0/1',
        GPSLongitudeRef: 'E',
        GPSLongitude: '35/1 15/1 0/1',
      },
    })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  return Buffer.from(bytes);
}
