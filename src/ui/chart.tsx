import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { classes, useLanguage, useWords } from './context.ts';
import { number } from './text.ts';
import type { Tone } from './types.ts';

export interface Datum {
  readonly label: string;
  readonly value: number;
  readonly href?: string;
  readonly tone?: Tone;
}

interface ChartProps {
  readonly title: string;
  /** What the reader should see in it, the source, the period. */
  readonly note?: ComponentChildren;
  /** How a value is written; by default as a number of the language. */
  readonly format?: (value: number) => string;
}

function useFormat(format?: (value: number) => string): (value: number) => string {
  const language = useLanguage();
  return format ?? ((value) => number(language, value));
}

function Frame(props: {
  title: string;
  note: ComponentChildren;
  class: string;
  children: ComponentChildren;
}) {
  return (
    <figure class={classes('chart', props.class)}>
      <figcaption>
        <strong>{props.title}</strong>
        {props.note && <span class="muted">{props.note}</span>}
      </figcaption>
      {props.children}
    </figure>
  );
}

/** A width in percent as an SVG attribute, since the page allows no inline styles. */
const percent = (part: number, whole: number) => `${whole > 0 ? Math.round((part / whole) * 1000) / 10 : 0}%`;

/** Horizontal bars. It is a real table whose bars are pictures, so every value can be read, heard and copied. */
export function BarChart(props: ChartProps & { data: readonly Datum[]; max?: number; labelTitle?: string }) {
  const format = useFormat(props.format);
  const words = useWords();
  const max = props.max ?? Math.max(0, ...props.data.map((datum) => datum.value));
  return (
    <Frame title={props.title} note={props.note} class="bars">
      <table>
        <caption class="visually-hidden">{props.title}</caption>
        <thead class="visually-hidden">
          <tr>
            <th scope="col">{props.labelTitle ?? props.title}</th>
            <th scope="col">{words.value}</th>
          </tr>
        </thead>
        <tbody>
          {props.data.map((datum) => (
            <tr key={datum.label}>
              <th scope="row">{datum.href ? <a href={datum.href}>{datum.label}</a> : datum.label}</th>
              <td>
                <svg class={`bar ${datum.tone ?? 'neutral'}`} aria-hidden="true">
                  <rect class="track" width="100%" height="100%" rx="3" />
                  <rect width={percent(datum.value, max)} height="100%" rx="3" />
                </svg>
                <span class="bar-value">{format(datum.value)}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Frame>
  );
}

/** Parts of a whole in one bar, with a legend that carries the numbers. */
export function StackedBar(props: ChartProps & { data: readonly Datum[] }) {
  const language = useLanguage();
  const format = useFormat(props.format);
  const total = props.data.reduce((sum, datum) => sum + datum.value, 0);
  let before = 0;
  return (
    <Frame title={props.title} note={props.note} class="stacked">
      <svg class="stack" aria-hidden="true">
        {props.data.map((datum, index) => {
          const at = before;
          before += datum.value;
          return (
            <rect
              key={datum.label}
              class={datum.tone ?? `series-${index + 1}`}
              x={percent(at, total)}
              width={percent(datum.value, total)}
              height="100%"
            />
          );
        })}
      </svg>
      <ul class="legend">
        {props.data.map((datum, index) => (
          <li key={datum.label}>
            <svg class="swatch" viewBox="0 0 12 12" aria-hidden="true">
              <rect class={datum.tone ?? `series-${index + 1}`} width="12" height="12" rx="3" />
            </svg>
            {datum.href ? <a href={datum.href}>{datum.label}</a> : datum.label}
            <strong>{format(datum.value)}</strong>
            <span class="muted">
              {number(language, total > 0 ? datum.value / total : 0, {
                style: 'percent',
                maximumFractionDigits: 1,
              })}
            </span>
          </li>
        ))}
      </ul>
    </Frame>
  );
}

/** A round number not below the value: the top of the scale. */
export function niceCeiling(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((candidate) => candidate * power >= value) ?? 10;
  return step * power;
}

const lineShape = (values: readonly number[], top: number): string => {
  const last = Math.max(1, values.length - 1);
  return values
    .map(
      (value, index) =>
        `${index ? 'L' : 'M'}${((index / last) * 100).toFixed(2)} ${(100 - (value / top) * 100).toFixed(2)}`,
    )
    .join('');
};

/**
 * Change over time, up to four lines. The lines stretch with the page while the letters keep the reader's size; the
 * same numbers stand in a table under it.
 */
export function LineChart(
  props: ChartProps & {
    labels: readonly string[];
    series: readonly { readonly label: string; readonly values: readonly number[] }[];
    max?: number;
    labelTitle?: string;
  },
) {
  const format = useFormat(props.format);
  const words = useWords();
  const id = useId();
  const { labels, series } = props;
  const top = niceCeiling(props.max ?? Math.max(0, ...series.flatMap((line) => line.values)));
  const last = Math.max(1, labels.length - 1);
  const every = Math.max(1, Math.ceil(labels.length / 6));
  return (
    <Frame title={props.title} note={props.note} class="lines">
      {series.length > 1 && (
        <ul class="legend">
          {series.map((line, index) => (
            <li key={line.label}>
              <svg class="swatch" viewBox="0 0 20 12" aria-hidden="true">
                <path class={`stroke-${index + 1}`} d="M0 6h20" />
              </svg>
              {line.label}
            </li>
          ))}
        </ul>
      )}
      <div class="plot-frame">
        <div class="scale" aria-hidden="true">
          {[1, 0.5, 0].map((part) => (
            <span key={part}>{format(top * part)}</span>
          ))}
        </div>
        <svg class="plot" role="img" aria-labelledby={`${id}-t`}>
          <title id={`${id}-t`}>{props.title}</title>
          {[0, 0.5, 1].map((part) => (
            <line
              key={part}
              class="rule"
              x1="0"
              x2="100%"
              y1={`${8 + (1 - part) * 80}%`}
              y2={`${8 + (1 - part) * 80}%`}
            />
          ))}
          <svg
            y="8%"
            height="80%"
            width="100%"
            viewBox="0 0 100 100"
            preserveAspectRatio="none"
            aria-hidden="true"
          >
            {series.length === 1 && (
              <path class="area" d={`${lineShape(series[0]!.values, top)}L100 100L0 100Z`} />
            )}
            {series.map((line, index) => (
              <path key={line.label} class={`line stroke-${index + 1}`} d={lineShape(line.values, top)} />
            ))}
          </svg>
          {labels.map((label, index) =>
            index % every === 0 ? (
              <text
                key={label}
                class="tick"
                x={`${(index / last) * 100}%`}
                y="99%"
                text-anchor={index === 0 ? 'start' : index === labels.length - 1 ? 'end' : 'middle'}
              >
                {label}
              </text>
            ) : null,
          )}
        </svg>
      </div>
      <details class="details">
        <summary>{words.asTable}</summary>
        <section class="table-scroll" aria-label={props.title} tabindex={0}>
          <table class="table plain">
            <caption class="visually-hidden">{props.title}</caption>
            <thead>
              <tr>
                <th scope="col">{props.labelTitle ?? ''}</th>
                {series.map((line) => (
                  <th key={line.label} scope="col" class="numeric">
                    {line.label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {labels.map((label, index) => (
                <tr key={label}>
                  <th scope="row">{label}</th>
                  {series.map((line) => (
                    <td key={line.label} class="numeric">
                      {line.values[index] === undefined ? '–' : format(line.values[index])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </Frame>
  );
}

/** The course of a figure in the height of a line of text; `label` says it in words. */
export function Sparkline(props: { values: readonly number[]; label: string }) {
  const top = Math.max(1e-9, ...props.values);
  return (
    <svg
      class="sparkline"
      viewBox="0 -6 100 112"
      preserveAspectRatio="none"
      role="img"
      aria-label={props.label}
    >
      <path class="area" d={`${lineShape(props.values, top)}L100 106L0 106Z`} />
      <path class="line stroke-1" d={lineShape(props.values, top)} />
    </svg>
  );
}

/** One number that matters, what it is, and how it changed. */
export function StatFigure(props: {
  value: string;
  label: string;
  href?: string;
  change?: { readonly text: string; readonly tone: 'good' | 'danger' | 'neutral' };
  spark?: { readonly values: readonly number[]; readonly label: string };
  tone?: Tone;
}) {
  return (
    <div class={classes('stat', props.tone)}>
      <p class="stat-label">{props.href ? <a href={props.href}>{props.label}</a> : props.label}</p>
      <p class="stat-value">{props.value}</p>
      {props.change && <p class={`stat-change ${props.change.tone}`}>{props.change.text}</p>}
      {props.spark && <Sparkline values={props.spark.values} label={props.spark.label} />}
    </div>
  );
}
