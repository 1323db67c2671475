import type { TypedColumn } from './typed-table.ts';

/**
 * Some columns of the staged rows as SQL: `row`, `file_row`, and for column `n` the cell as it stood `rn`, bare `bn`, and its value
 * `vn`. A table may have 1,500 columns; who looks at one shall not plan them all.
 */
export function cellsOf(columns: readonly TypedColumn[]): string {
  const cells = columns.flatMap(({ n, raw, conversion }) => [
    `${raw} as r${n}`,
    `${conversion.bare} as b${n}`,
    `${conversion.value} as v${n}`,
  ]);
  return `(select ${['row', 'file_row', ...cells].join(', ')} from raw)`;
}
