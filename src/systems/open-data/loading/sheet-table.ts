import { mostColumns } from './csv.ts';
import { LoadFault } from './faults.ts';
import { findLayout, type HeadRow, type Layout, type LayoutFixes } from './layout.ts';
import type { Notice, ReadTable, SourceForm } from './read-table.ts';
import { Staging } from './staging.ts';

const headRows = 60;

/**
 * Makes a staged table of rows of texts, as workbooks have them: the first rows are held back until it is known where the table
 * begins.
 */
export class SheetTable {
  private readonly folder: string;
  private readonly fixes: LayoutFixes;
  private held: HeadRow[] | null = [];
  private layout: Layout | null = null;
  private staging: Staging | null = null;

  constructor(folder: string, fixes: LayoutFixes) {
    this.folder = folder;
    this.fixes = fixes;
  }

  /** @param line row of the sheet, from 1 */
  row(line: number, cells: readonly string[]): void {
    let width = Math.min(cells.length, mostColumns + 1);
    while (width > 0 && cells[width - 1]!.trim() === '') width -= 1;
    if (width === 0) return;
    const row = { line, cells: cells.slice(0, width) };
    if (!this.held) {
      this.stage(row);
      return;
    }
    this.held.push(row);
    if (this.held.length === headRows) this.begin();
  }

  /** @throws LoadFault `empty`, `no-table` */
  end(source: Omit<SourceForm, 'headerRows' | 'skippedRows'>, notices: readonly Notice[]): ReadTable {
    if (this.held?.length === 0) throw new LoadFault('empty');
    if (this.held) this.begin();
    const { headers, preamble, headerRows } = this.layout!;
    const staged = this.staging!.end();
    return {
      headers,
      preamble,
      staged,
      source: { ...source, headerRows, skippedRows: preamble.length },
      notices: staged.refused ? [...notices, { code: 'long-rows-refused', count: staged.refused }] : notices,
    };
  }

  private begin(): void {
    const rows = this.held!;
    this.held = null;
    this.layout = findLayout(rows, this.fixes);
    if (this.layout.headers.length === 0) throw new LoadFault('no-table');
    this.staging = new Staging(this.folder, this.layout.headers.length);
    for (const row of rows.slice(this.layout.dataFrom)) this.stage(row);
  }

  private stage({ line, cells }: HeadRow): void {
    this.staging!.cells(cells, line);
  }
}
