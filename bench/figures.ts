/** One promise of speed beside what was measured. */
export interface Figure {
  readonly promise: string;
  readonly measured: number;
  readonly limit: number;
  readonly kind: 'at least' | 'at most';
  readonly unit: string;
}

export const figures: Figure[] = [];

export const isKept = ({ measured, limit, kind }: Figure): boolean =>
  kind === 'at least' ? measured >= limit : measured <= limit;

/** Keeps a figure and prints it at once, so that a long run shows how far it is. */
export function record(
  promise: string,
  measured: number,
  kind: Figure['kind'],
  limit: number,
  unit = '',
): void {
  const figure = { promise, measured, limit, kind, unit };
  figures.push(figure);
  console.log(
    `${isKept(figure) ? 'kept  ' : 'BROKEN'} ${promise}: ${rounded(measured)}${unit} (${kind} ${limit}${unit})`,
  );
}

/** The table of a finished run, as docs/benchmarks.md shows it. */
export function table(): string {
  const rows = figures.map(
    (one) =>
      `| ${one.promise} | ${rounded(one.measured)}${one.unit} | ${one.kind} ${one.limit}${one.unit} | ${isKept(one) ? 'kept' : '**broken**'} |`,
  );
  return ['| promise | measured | limit | |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

const rounded = (value: number): number => Number(value.toPrecision(3));
