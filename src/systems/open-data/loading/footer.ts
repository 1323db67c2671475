/** The last rows of a table, in order: their cells, empty ones as empty texts. */
export type LastRows = readonly (readonly string[])[];

/** The most rows below a table that are looked at. */
export const mostFooterRows = 20;

const totals = /^\W*(всього|усього|разом|загалом|підсумок|підсумки|итого|всього:|total)(?!\p{L})/iu;
const notes =
  /^\W*(примітк|джерело|виконавець|відповідальн|станом на|керівник|начальник|підпис|дані надано|source|note)/iu;

/** How many of the last rows are no rows of the table: totals, notes, signatures. */
export function footerRows(last: LastRows): number {
  let footer = 0;
  for (const cells of last.toReversed()) {
    const filled = cells.filter((cell) => cell.trim() !== '');
    const first = filled[0]?.trim() ?? '';
    const alone = filled.length === 1 && cells.length >= 3;
    const total = cells.length >= 2 && totals.test(first);
    const note =
      (alone || (filled.length <= 2 && cells.length >= 4)) && (notes.test(first) || first.startsWith('*'));
    // A sentence in an otherwise empty row is a remark, and stands below the rest.
    const remark = alone && /\p{L}{2,}.*\s.*\p{L}/u.test(first) && first.length > 20;
    if (!total && !note && !remark) break;
    footer += 1;
  }
  return footer === last.length ? 0 : footer;
}
