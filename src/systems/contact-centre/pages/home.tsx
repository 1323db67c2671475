import type { Context } from 'hono';
import { page } from '#platform/http/page.tsx';
import { Phones } from '#platform/http/phones.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import {
  Actions,
  Button,
  Grid,
  LinkButton,
  Notice,
  PageHead,
  Section,
  StatFigure,
  TextInput,
  Tile,
} from '#ui/index.ts';
import { readCity } from '../city.ts';
import { appealText } from './appeal-text.ts';
import { helpText } from './help-text.ts';
import { here } from './kit.tsx';
import { RequestCards } from './list.tsx';
import { figures, listRequests } from './reads.ts';

/** `/contact-centre`: what one can do here and how the city is doing. */
export function home(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const { text } = at;
    const [{ settings }, now, latest] = await Promise.all([
      readCity(platform.db),
      figures(platform.db, platform.clock.now()),
      listRequests(platform.db, at.language, {}, 6, 0),
    ]);
    return page(
      c,
      { title: text.centre, description: text.centreLead, width: 'wide' },
      <>
        <PageHead
          title={text.centre}
          lead={text.centreLead}
          actions={
            <LinkButton size="large" icon="plus" href={at.href('/report')}>
              {text.home.report}
            </LinkButton>
          }
        />
        <Notice tone="warning">
          <p>{text.home.emergency}</p>
          <Phones phones={settings.emergencyPhones ?? []} language={at.language} />
        </Notice>
        <Grid>
          <StatFigure
            label={text.home.open}
            value={at.number(now.open)}
            href={at.href('/requests', { state: 'open' })}
          />
          <StatFigure label={text.home.today} value={at.number(now.today)} />
          <StatFigure
            label={text.home.confirmed}
            value={at.number(now.confirmed)}
            href={at.href('/requests', { state: 'closed:confirmed' })}
          />
        </Grid>
        <form class="form" action={at.href('/track')} method="get">
          <TextInput
            name="number"
            label={text.home.find}
            hint={text.home.findHint}
            inputmode="numeric"
            width="m"
          />
          <Actions>
            <Button look="secondary">{text.home.find}</Button>
          </Actions>
        </form>
        <Grid min="wide">
          <Tile
            icon="speech"
            title={helpText(at.language).title}
            summary={helpText(at.language).lead}
            href={at.href('/help')}
          />
          <Tile
            icon="scales"
            title={appealText(at.language).title}
            summary={appealText(at.language).lead}
            href={at.href('/appeal')}
          />
          <Tile icon="map" title={text.home.map} summary={text.home.mapLead} href={at.href('/map')} />
          <Tile icon="list" title={text.home.list} summary={text.home.listLead} href={at.href('/requests')} />
          <Tile
            icon="chart"
            title={text.home.performance}
            summary={text.home.performanceLead}
            href={at.href('/performance')}
          />
          <Tile
            icon="bell"
            title={text.home.subscribe}
            summary={text.home.subscribeLead}
            href={at.href('/subscribe')}
          />
        </Grid>
        <Section title={text.home.latest} more={{ title: text.home.list, href: at.href('/requests') }}>
          <RequestCards at={at} rows={latest.rows} />
        </Section>
      </>,
    );
  };
}
