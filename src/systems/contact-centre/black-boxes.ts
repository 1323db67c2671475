import sharp from 'sharp';

/** Columns and rows into which a photo is parted for covering. */
export const boxes = { columns: 8, rows: 6 };

/**
 * Paints cells of a picture black: pixels are gone, not hidden.
 *
 * @param cells numbers of cells from 0, left to right, then down.
 * @returns JPEG.
 */
export async function blackOut(picture: Buffer, cells: readonly number[]): Promise<Buffer> {
  const { width, height } = await sharp(picture).metadata();
  const cell = { width: width / boxes.columns, height: height / boxes.rows };
  const painted = cells.map((n) => {
    const left = Math.floor((n % boxes.columns) * cell.width);
    const top = Math.floor(Math.floor(n / boxes.columns) * cell.height);
    return {
      left,
      top,
      input: {
        create: {
          width: Math.min(Math.ceil(cell.width) + 1, width - left),
          height: Math.min(Math.ceil(cell.height) + 1, height - top),
          channels: 3 as const,
          background: '#000',
        },
      },
    };
  });
  return sharp(picture).composite(painted).jpeg({ quality: 85 }).toBuffer();
}
