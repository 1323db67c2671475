interface Merge {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  value: string;
}

/** The most merged areas that are filled; a sheet with more is a drawing, not a table. */
const most = 100_000;

/** Merged areas of a sheet: each of their cells gets the value of the first. */
export class Merges {
  private readonly byTop = new Map<number, Merge[]>();
  private active: Merge[] = [];
  private size = 0;

  get count(): number {
    return this.size;
  }

  /** Rows from 1, columns from 0, all inclusive. */
  add(top: number, left: number, bottom: number, right: number): void {
    if (this.size === most || right - left > 1_600) return;
    this.size += 1;
    const merge = { top, left, bottom, right, value: '' };
    const same = this.byTop.get(top);
    if (same) same.push(merge);
    else this.byTop.set(top, [merge]);
  }

  /** Whether a cell belongs to an area that began in a row above. */
  covers(line: number, column: number): boolean {
    return this.active.some(
      ({ top, bottom, left, right }) => top < line && bottom >= line && left <= column && right >= column,
    );
  }

  /** Fills the cells of a row; rows come in order. */
  fill(line: number, cells: string[]): string[] {
    if (this.size === 0) return cells;
    this.active = this.active.filter(({ bottom }) => bottom >= line);
    for (const merge of this.byTop.get(line) ?? []) {
      merge.value = cells[merge.left] ?? '';
      this.active.push(merge);
    }
    for (const { left, right, value } of this.active) {
      if (value === '') continue;
      while (cells.length <= right) cells.push('');
      for (let column = left; column <= right; column += 1) if (cells[column] === '') cells[column] = value;
    }
    return cells;
  }
}
