import type { Context } from 'hono';
import { Actions, FigureStrip, Grid, Hero, LinkButton, NewsList, Section, Tile } from '#ui/index.ts';
import { page } from '../http/page.tsx';
import { formatDateTime, formatNumber, type Language, localPath } from '../i18n/index.ts';
import type { MistoEnv, Platform, PublicFigure } from '../system.ts';
import { homeText } from './text.ts';
import { inTurns } from './turns.ts';

const happeningsShown = 6;
/** Acts offered in the hero itself: one button and a few links. */
const popularShown = 4;

/** `/`: the city's front door: what people come for, how the city does now, what has just happened. */
export function start(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const { language } = c.var.visit;
    const text = homeText(language);
    const now = platform.clock.now();
    const href = (path: string) => localPath(language, path);
    const [figures, happenings] = await Promise.all([
      figuresOf(platform, language, now),
      happeningsOf(platform, language),
    ]);
    const acts = platform.systems.flatMap((system) => system.acts ?? []);
    const [first, ...others] = inTurns(platform.systems.map((system) => system.acts ?? []));
    const demo = platform.config.mode === 'demo' ? ` ${text.demoFigures}` : '';
    return page(
      c,
      { title: text.title, description: text.lead, width: 'full' },
      <>
        <Hero
          title={text.title}
          lead={text.lead}
          search={{ action: href('/search'), label: text.search, placeholder: text.searchExample }}
          popular={others
            .slice(0, popularShown)
            .map((act) => ({ title: act.title[language], href: href(act.href) }))}
          actions={
            first && (
              <LinkButton size="large" icon={first.icon} href={href(first.href)}>
                {first.title[language]}
              </LinkButton>
            )
          }
        />
        {figures.length > 0 && (
          <FigureStrip figures={figures} note={`${text.asOf(formatDateTime(language, now))}${demo}`} />
        )}
        {acts.length > 0 && (
          <Section title={text.acts} id="acts">
            <Grid>
              {acts.map((act) => (
                <Tile
                  key={act.href}
                  icon={act.icon}
                  title={act.title[language]}
                  summary={act.summary[language]}
                  href={href(act.href)}
                />
              ))}
            </Grid>
          </Section>
        )}
        {happenings.length > 0 && (
          <Section title={text.happenings} id="happenings">
            <NewsList
              items={happenings.map((one) => ({
                title: one.title,
                summary: one.summary,
                href: href(one.href),
                date: formatDateTime(language, one.at),
                dateTime: one.at.toISOString(),
              }))}
            />
          </Section>
        )}
        <Section title={text.systems} id="systems">
          <Grid>
            {platform.systems.map((system) => (
              <Tile
                key={system.name}
                title={system.title[language]}
                summary={system.summary[language]}
                href={href(`/${system.name}`)}
              />
            ))}
          </Grid>
          <Actions>
            <LinkButton look="secondary" icon="data" href={href('/api')}>
              {text.forPrograms}
            </LinkButton>
          </Actions>
        </Section>
      </>,
    );
  };
}

function figuresOf(platform: Platform, language: Language, now: Date) {
  return Promise.all(
    platform.systems
      .flatMap((system) => system.figures ?? [])
      .map(async (figure) => ({
        value: await figureValue(platform, figure, language, now),
        label: figure.title[language],
        href: localPath(language, figure.href),
      })),
  );
}

async function figureValue(platform: Platform, figure: PublicFigure, language: Language, now: Date) {
  const [value, all] = await Promise.all([
    figure.read(platform.db, now),
    figure.outOf?.(platform.db, now) ?? null,
  ]);
  if (figure.isPercent) return formatNumber(language, value / 100, { style: 'percent' });
  const shown = formatNumber(language, value);
  return all === null ? shown : homeText(language).outOf(shown, formatNumber(language, all));
}

/** What has just happened: the newest of every system, newest first. */
async function happeningsOf(platform: Platform, language: Language) {
  const all = await Promise.all(
    platform.systems.map((system) => system.happenings?.(platform.db, language, happeningsShown) ?? []),
  );
  return inTurns(all)
    .slice(0, happeningsShown)
    .sort((a, b) => b.at.getTime() - a.at.getTime());
}
