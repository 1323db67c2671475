import type { ComponentChildren } from 'preact';
import { CityScene } from './brand.tsx';
import { useWords } from './context.ts';
import { Search } from './fields.tsx';
import { Icon } from './icon.tsx';
import type { Link, Tone } from './types.ts';

/** First thing on the home page: the city, one promise, the search, and what people look for most. */
export function Hero(props: {
  title: string;
  lead?: string;
  search?: { readonly action: string; readonly label: string; readonly placeholder?: string };
  popular?: readonly Link[];
  /** The main acts. */
  actions?: ComponentChildren;
}) {
  const words = useWords();
  return (
    <section class="hero">
      <CityScene />
      <div class="hero-text">
        <h1>{props.title}</h1>
        {props.lead && <p class="lead">{props.lead}</p>}
        {props.search && (
          <Search
            action={props.search.action}
            label={props.search.label}
            placeholder={props.search.placeholder}
            id="hero-search"
            large
          />
        )}
        {props.popular && props.popular.length > 0 && (
          <ul class="popular" aria-label={words.popular}>
            {props.popular.map((link) => (
              <li key={link.href}>
                <a href={link.href}>{link.title}</a>
              </li>
            ))}
          </ul>
        )}
        {props.actions && <div class="actions">{props.actions}</div>}
      </div>
    </section>
  );
}

/** A part of the home page or of a long page: heading, a way to everything, content. */
export function Section(props: {
  title: string;
  more?: Link;
  lead?: string;
  id?: string;
  children: ComponentChildren;
}) {
  return (
    <section class="section" id={props.id}>
      <header class="section-head">
        <div>
          <h2>{props.title}</h2>
          {props.lead && <p class="muted">{props.lead}</p>}
        </div>
        {props.more && (
          <a class="more" href={props.more.href}>
            {props.more.title}
            <Icon name="arrow" />
          </a>
        )}
      </header>
      {props.children}
    </section>
  );
}

/** Live figures of the city in one strip; each leads to the list that it counts. */
export function FigureStrip(props: {
  title?: string;
  figures: readonly {
    readonly value: string;
    readonly label: string;
    readonly href?: string;
    readonly note?: string;
    readonly tone?: Tone;
  }[];
  /** As of when, and that the figures are of a demo where they are. */
  note?: string;
}) {
  const words = useWords();
  return (
    <section class="figure-strip" aria-label={props.title ?? words.cityNow}>
      <h2>{props.title ?? words.cityNow}</h2>
      <ul>
        {props.figures.map((figure) => (
          <li key={figure.label} class={figure.tone}>
            <strong>{figure.value}</strong>
            {figure.href ? <a href={figure.href}>{figure.label}</a> : <span>{figure.label}</span>}
            {figure.note && <small>{figure.note}</small>}
          </li>
        ))}
      </ul>
      {props.note && <p class="strip-note">{props.note}</p>}
    </section>
  );
}

/** News and announcements, newest first. */
export function NewsList(props: {
  items: readonly {
    readonly title: string;
    readonly href: string;
    readonly date: string;
    readonly dateTime?: string;
    readonly kind?: string;
    readonly summary?: string;
  }[];
}) {
  return (
    <ul class="news-list">
      {props.items.map((item) => (
        <li key={item.href}>
          <p class="muted">
            <time dateTime={item.dateTime}>{item.date}</time>
            {item.kind && <span> · {item.kind}</span>}
          </p>
          <h3>
            <a href={item.href}>{item.title}</a>
          </h3>
          {item.summary && <p>{item.summary}</p>}
        </li>
      ))}
    </ul>
  );
}
