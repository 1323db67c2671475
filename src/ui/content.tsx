import type { ComponentChildren } from 'preact';
import { classes, useWords } from './context.ts';
import { Icon, type IconName } from './icon.tsx';
import { type Photo, Thumbnail } from './photos.tsx';
import type { Link, Tone } from './types.ts';

/** A state in one or two words. */
export function Badge(props: { tone?: Tone; icon?: IconName; children: ComponentChildren }) {
  return (
    <span class={classes('badge', props.tone ?? 'neutral')}>
      {props.icon && <Icon name={props.icon} />}
      {props.children}
    </span>
  );
}

/** A piece of content with an edge. */
export function Card(props: {
  title?: ComponentChildren;
  href?: string;
  /** Beside the title: a badge or a link. */
  aside?: ComponentChildren;
  footer?: ComponentChildren;
  level?: 2 | 3 | 4;
  tone?: Tone;
  /** Beside the text. */
  photo?: Photo | null;
  children?: ComponentChildren;
}) {
  const Heading = `h${props.level ?? 3}` as 'h3';
  return (
    <section class={classes('card', props.tone && `edge-${props.tone}`)}>
      {(props.title || props.aside) && (
        <header class="card-head">
          {props.title && (
            <Heading class="card-title">
              {props.href ? <a href={props.href}>{props.title}</a> : props.title}
            </Heading>
          )}
          {props.aside}
        </header>
      )}
      {props.photo ? (
        <div class="card-photo">
          <Thumbnail {...props.photo} />
          <div>{props.children}</div>
        </div>
      ) : (
        props.children
      )}
      {props.footer && <footer class="card-foot">{props.footer}</footer>}
    </section>
  );
}

/** A way into a service: the whole tile is the link. */
export function Tile(props: {
  title: string;
  href: string;
  icon?: IconName;
  summary?: string;
  note?: string;
  level?: 2 | 3 | 4;
}) {
  const Heading = `h${props.level ?? 3}` as 'h3';
  return (
    <div class="tile">
      {props.icon && (
        <span class="tile-icon">
          <Icon name={props.icon} />
        </span>
      )}
      <div class="tile-text">
        <Heading class="tile-title">
          <a href={props.href}>{props.title}</a>
        </Heading>
        {props.summary && <p>{props.summary}</p>}
        {props.note && <p class="tile-note">{props.note}</p>}
      </div>
      <Icon name="arrow" class="tile-arrow" />
    </div>
  );
}

/** Tiles, cards or figures side by side, as many as fit. */
export function Grid(props: { children: ComponentChildren; min?: 'narrow' | 'wide' }) {
  return <div class={classes('grid', props.min)}>{props.children}</div>;
}

/** Work on the left, what helps with it on the right; on narrow screens one below the other. */
export function Split(props: { children: ComponentChildren; aside: ComponentChildren }) {
  return (
    <div class="split">
      <div>{props.children}</div>
      <div>{props.aside}</div>
    </div>
  );
}

const noticeIcons = {
  neutral: 'info',
  info: 'info',
  good: 'check',
  warning: 'alert',
  danger: 'alert',
} as const;

/** Something to know before going on. `live` is read out when it appears after an act. */
export function Notice(props: { tone?: Tone; title?: string; live?: boolean; children?: ComponentChildren }) {
  const tone = props.tone ?? 'info';
  return (
    <div class={classes('notice', tone)} role={props.live ? 'status' : undefined}>
      <Icon name={noticeIcons[tone]} />
      <div>
        {props.title && <p class="notice-title">{props.title}</p>}
        {props.children}
      </div>
    </div>
  );
}

/** After an act: number, what comes next and by when. */
export function Confirmation(props: {
  title: string;
  label?: string;
  number?: string;
  children?: ComponentChildren;
}) {
  return (
    <section class="confirmation">
      <div class="confirmation-mark">
        <Icon name="check" />
      </div>
      <h1>{props.title}</h1>
      {props.number && (
        <p class="confirmation-number">
          {props.label && <span>{props.label}</span>} <strong>{props.number}</strong>
        </p>
      )}
      {props.children}
    </section>
  );
}

interface StateProps {
  readonly title: string;
  readonly children?: ComponentChildren;
  /** Where to go from here. */
  readonly action?: ComponentChildren;
}

/** Nothing here yet: says why and what to do. */
export function Empty(props: StateProps & { icon?: IconName }) {
  return (
    <div class="state">
      <Icon name={props.icon ?? 'list'} />
      <p class="state-title">{props.title}</p>
      {props.children}
      {props.action && <div class="actions">{props.action}</div>}
    </div>
  );
}

/** Something could not be shown: says what still works. */
export function Failure(props: StateProps & { requestId?: string }) {
  return (
    <div class="state failed" role="alert">
      <Icon name="alert" />
      <p class="state-title">{props.title}</p>
      {props.children}
      {props.requestId && <p class="mono muted">{props.requestId}</p>}
      {props.action && <div class="actions">{props.action}</div>}
    </div>
  );
}

/** The shape of what is coming; drawn by islands and by pages that refresh themselves. */
export function Loading(props: { title?: string; lines?: number }) {
  const words = useWords();
  return (
    <div class="state loading" role="status">
      <span class="visually-hidden">{props.title ?? words.loading}</span>
      {Array.from({ length: props.lines ?? 3 }, (_, line) => (
        <span key={line} class="bone" />
      ))}
    </div>
  );
}

/** Names and values; with `change` it is the page «Перевірте відповіді». */
export function SummaryList(props: {
  rows: readonly {
    readonly name: string;
    readonly value: ComponentChildren;
    readonly change?: string;
  }[];
}) {
  const words = useWords();
  return (
    <dl class="summary-list">
      {props.rows.map((row) => (
        <div key={row.name}>
          <dt>{row.name}</dt>
          <dd>{row.value}</dd>
          {row.change && (
            <dd class="change">
              <a href={row.change}>
                {words.change}
                <span class="visually-hidden">: {row.name}</span>
              </a>
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}

/** What happened, the newest where the caller puts it. */
export function Timeline(props: {
  items: readonly {
    readonly title: ComponentChildren;
    readonly when?: string;
    /** Machine form of the moment. */
    readonly dateTime?: string;
    readonly who?: string;
    readonly tone?: Tone;
    readonly body?: ComponentChildren;
  }[];
}) {
  return (
    <ol class="timeline">
      {props.items.map((item, index) => (
        <li key={index} class={item.tone ?? 'neutral'}>
          <p class="timeline-title">{item.title}</p>
          <p class="muted">
            {item.when && <time dateTime={item.dateTime}>{item.when}</time>}
            {item.who && ` · ${item.who}`}
          </p>
          {item.body && <div class="timeline-body">{item.body}</div>}
        </li>
      ))}
    </ol>
  );
}

/** Where a person is in a journey of several pages. */
export function Steps(props: { steps: readonly { title: string; href?: string }[]; current: number }) {
  const words = useWords();
  const at = props.steps[props.current - 1];
  return (
    <nav class="steps" aria-label={words.step(props.current, props.steps.length)}>
      <p>
        {words.step(props.current, props.steps.length)}
        {at && <strong> {at.title}</strong>}
      </p>
      <ol>
        {props.steps.map((step, index) => {
          const state = index + 1 < props.current ? 'done' : index + 1 === props.current ? 'now' : 'ahead';
          return (
            <li key={step.title} class={state} aria-current={state === 'now' ? 'step' : undefined}>
              {step.href && state === 'done' ? (
                <a href={step.href}>{step.title}</a>
              ) : (
                <span>{step.title}</span>
              )}
              <span class="visually-hidden"> ({words[state]})</span>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

/** Views of one thing, each a page of its own. */
export function Tabs(props: {
  label?: string;
  items: readonly (Link & { readonly current?: boolean; readonly count?: string | number })[];
}) {
  return (
    <nav class="tabs" aria-label={props.label}>
      <ul>
        {props.items.map((item) => (
          <li key={item.href}>
            <a href={item.href} aria-current={item.current ? 'page' : undefined}>
              {item.title}
              {item.count !== undefined && <span class="count">{item.count}</span>}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/**
 * Asks or shows something over the page. The browser opens it by itself (popover), no script; where it cannot, the
 * content stands in the page below the place of the button.
 */
export function Dialog(props: {
  id: string;
  /** Words of the button that opens it. */
  open: ComponentChildren;
  title: string;
  look?: 'primary' | 'secondary' | 'quiet' | 'danger';
  size?: 'small';
  children: ComponentChildren;
}) {
  const words = useWords();
  return (
    <>
      <button
        class={classes('button opener', props.look ?? 'secondary', props.size)}
        type="button"
        popovertarget={props.id}
      >
        {props.open}
      </button>
      <dialog class="dialog" id={props.id} popover="auto" aria-labelledby={`${props.id}-title`}>
        <h2 id={`${props.id}-title`}>{props.title}</h2>
        {props.children}
        <button
          class="button quiet small dialog-close"
          type="button"
          popovertarget={props.id}
          popovertargetaction="hide"
        >
          <Icon name="close" />
          <span class="visually-hidden">{words.close}</span>
        </button>
      </dialog>
    </>
  );
}

/** More, for those who want it. */
export function Details(props: { summary: ComponentChildren; open?: boolean; children: ComponentChildren }) {
  return (
    <details class="details" open={props.open}>
      <summary>{props.summary}</summary>
      <div>{props.children}</div>
    </details>
  );
}

export function Breadcrumbs(props: { items: readonly Link[] }) {
  const words = useWords();
  return (
    <nav class="breadcrumbs" aria-label={words.breadcrumbs}>
      <ol>
        {props.items.map((item) => (
          <li key={item.href}>
            <a href={item.href}>{item.title}</a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

export function BackLink(props: { href: string; children?: ComponentChildren }) {
  const words = useWords();
  return (
    <a class="back-link" href={props.href}>
      <Icon name="back" />
      {props.children ?? words.back}
    </a>
  );
}

/** Top of a page: heading, what it is about, and the main act. */
export function PageHead(props: {
  title: ComponentChildren;
  /** Small line above: the section or the number of the thing. */
  kicker?: ComponentChildren;
  lead?: ComponentChildren;
  actions?: ComponentChildren;
}) {
  return (
    <header class="page-head">
      <div>
        {props.kicker && <p class="kicker">{props.kicker}</p>}
        <h1>{props.title}</h1>
        {props.lead && <p class="lead">{props.lead}</p>}
      </div>
      {props.actions && <div class="actions">{props.actions}</div>}
    </header>
  );
}
