interface Props {
  /** What stands below the points, from left to right, and what they show. */
  readonly labels: readonly string[];
  readonly values: readonly string[];
  /** Of a time; without one the labels are numbers. */
  readonly step: 'day' | 'month' | 'year' | null;
  /** Address of the same chart for a part, with `{from}` and `{to}` in it; a time ends before `{to}`, a number at it. */
  readonly href: string;
  readonly hint: string;
}

/** Tells the figure under the pointer, and leads to the part of a line chart that was drawn over. */
export function enhance(element: HTMLElement, { labels, values, step, href, hint }: Props): void {
  const plot = element.querySelector<SVGSVGElement>('svg.plot');
  if (!plot) return;
  const brush = document.createElementNS(plot.namespaceURI, 'rect') as SVGRectElement;
  brush.classList.add('brush');
  brush.setAttribute('y', '8%');
  brush.setAttribute('height', '80%');
  const said = document.createElement('p');
  said.className = 'muted';
  said.textContent = hint;
  plot.append(brush);
  plot.classList.add('brushed');
  element.append(said);
  const last = labels.length - 1;
  let begun: number | null = null;

  const pointAt = ({ clientX }: PointerEvent) => {
    const { left, width } = plot.getBoundingClientRect();
    return Math.round(Math.min(Math.max((clientX - left) / width, 0), 1) * last);
  };
  const show = (from: number, to: number) => {
    brush.setAttribute('x', `${(from / last) * 100}%`);
    brush.setAttribute('width', `${((to - from) / last) * 100}%`);
    said.textContent = from === to ? `${labels[from]}: ${values[from]}` : `${labels[from]} – ${labels[to]}`;
  };
  const ends = (event: PointerEvent) => {
    const here = pointAt(event);
    const other = begun ?? here;
    return [Math.min(here, other), Math.max(here, other)] as const;
  };

  plot.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    begun = pointAt(event);
    plot.setPointerCapture(event.pointerId);
    show(begun, begun);
  });
  plot.addEventListener('pointermove', (event) => show(...ends(event)));
  plot.addEventListener('pointerup', (event) => {
    const [from, to] = ends(event);
    const isDrawn = begun !== null && from < to;
    begun = null;
    if (isDrawn)
      location.assign(
        href
          .replace('%7Bfrom%7D', encodeURIComponent(beginOf(labels[from]!)))
          .replace('%7Bto%7D', encodeURIComponent(step ? after(labels[to]!, step) : labels[to]!)),
      );
  });
  plot.addEventListener('pointercancel', () => {
    begun = null;
    show(0, 0);
    said.textContent = hint;
  });
}

/** The first day of a time that is named by its beginning, `2026` or `2026-09`; a number is its own beginning. */
const beginOf = (label: string): string =>
  /^\d{4}(-\d\d){0,2}$/.test(label) ? label.padEnd(10, '-01') : label;

/** The first day behind a day, month or year. */
function after(label: string, step: 'day' | 'month' | 'year'): string {
  const day = new Date(`${beginOf(label)}T00:00:00Z`);
  if (step === 'day') day.setUTCDate(day.getUTCDate() + 1);
  else if (step === 'month') day.setUTCMonth(day.getUTCMonth() + 1);
  else day.setUTCFullYear(day.getUTCFullYear() + 1);
  return day.toISOString().slice(0, 10);
}
