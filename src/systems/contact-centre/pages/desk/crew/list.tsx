import type { Context } from 'hono';
import { endOfDay, localDate } from '#platform/calendar/index.ts';
import { Forbidden } from '#platform/errors.ts';
import { toMetres } from '#platform/geo/metres.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import type { Actor } from '#platform/work.ts';
import { Actions, Badge, Button, Card, Empty, Grid, Island, PageHead, Select, TextInput } from '#ui/index.ts';
import { readCity } from '../../../city.ts';
import { type QueueRow, queue } from '../../../lists/index.ts';
import { permission } from '../../../permissions.ts';
import { StateBadge } from '../../kit.tsx';
import { findBuildings } from '../../reads.ts';
import { shownNumber } from '../../text.ts';
import { type DeskHere, deskHere, timeLeft } from '../kit.tsx';
import { crewsOf } from '../moves.tsx';
import { crewText } from './text.ts';

/** States in which a crew has something to do. */
const working = ['in_progress', 'rework', 'accepted', 'planned'] as const;
/** A day's work is far less; the page says when it is not all. */
const most = 100;

/** @throws Forbidden for staff who do not go out. */
export function mustGoOut(actor: Actor): void {
  if (!actor.grants.some((grant) => grant.permissions.has(permission('dispatch'))))
    throw new Forbidden(permission('dispatch'));
}

interface Spot {
  readonly lat: number;
  readonly lon: number;
  readonly name: string;
}

/** `/desk/crew`: what is to be done today, the nearest first once the crew says where it is. */
export function crewPage(platform: Platform) {
  return async (c: Context<MistoEnv>): Promise<Response> => {
    const { actor } = c.var.visit;
    mustGoOut(actor);
    const at = deskHere(c);
    const own = crewText(at.language);
    const now = platform.clock.now();
    const typed = (c.req.query('near') ?? '').slice(0, 120);
    const crew = c.req.query('crew') ?? '';
    const [city, list, spot] = await Promise.all([
      readCity(platform.db),
      queue(platform.db, actor, { now, states: working, ...(crew ? { crew } : {}) }, { limit: most }),
      spotOf(platform, c, typed),
    ]);
    const tonight = endOfDay(localDate(now));
    const rows = list.rows
      .filter((row) => row.state !== 'planned' || row.planned === null || row.planned <= tonight)
      .map((row) => ({ row, metres: spot && metresTo(row, spot) }))
      .sort((a, b) => (a.metres ?? Infinity) - (b.metres ?? Infinity) || 0);
    const crews = crewsOf(city, actor.organisation);
    return page(
      c,
      { title: own.title, shell: 'desk' },
      <>
        <PageHead title={own.title} lead={own.lead(rows.length)} />
        <form class="form" action={at.href('/desk/crew')} method="get">
          <TextInput
            name="near"
            label={own.near}
            hint={own.nearHint}
            required={false}
            value={typed}
            autocomplete="street-address"
            {...(typed && !spot ? { error: own.nearUnknown } : {})}
          />
          {crews.length > 1 && (
            <Select
              name="crew"
              label={own.myCrew}
              required={false}
              empty={own.anyCrew}
              value={crew}
              options={crews.map((one) => ({ value: one.id, label: one.name[at.language] }))}
            />
          )}
          <Actions>
            <Button look="secondary" icon="pin">
              {own.sort}
            </Button>
          </Actions>
        </form>
        <Island
          name="find-position"
          props={{ href: at.href('/desk/crew', { crew }), words: { find: own.here, failed: own.hereFailed } }}
        />
        <p class="muted">{spot ? own.byDistance(spot.name) : own.byDue}</p>
        {rows.length === 0 ? (
          <Empty title={own.nothing} icon="check">
            <p>{own.nothingWhy}</p>
          </Empty>
        ) : (
          <Grid min="wide">
            {rows.map(({ row, metres }) => (
              <WorkCard key={row.number} at={at} row={row} metres={metres} />
            ))}
          </Grid>
        )}
        {list.more && <p class="muted">{own.most(at.number(most))}</p>}
      </>,
    );
  };
}

function WorkCard(props: { at: DeskHere; row: QueueRow; metres: number | null }) {
  const { at, row, metres } = props;
  const own = crewText(at.language);
  const late = row.timeLeft !== null && row.timeLeft < 0;
  return (
    <Card
      level={2}
      title={row.address ?? at.text.noPlace}
      href={at.href(`/desk/crew/${row.number}`)}
      aside={<StateBadge language={at.language} state={row.state} closing={row.closing} />}
      {...(late ? { tone: 'danger' as const } : {})}
      footer={
        <span class="muted">
          <span class="mono">{shownNumber(row.number)}</span>
          {metres !== null && ` · ${distance(at, metres)}`}
        </span>
      }
    >
      <p>
        <strong>{row.categoryName?.[at.language] ?? row.category}</strong>
      </p>
      <p>
        {late ? (
          <Badge tone="danger" icon="alert">
            {timeLeft(at.words, row.timeLeft)}
          </Badge>
        ) : (
          timeLeft(at.words, row.timeLeft)
        )}
        {row.due && <span class="muted"> {at.time(row.due)}</span>}
      </p>
      {row.lat !== null && row.lon !== null && (
        <p>
          <a href={`geo:${row.lat},${row.lon}`}>
            {own.route}
            <span class="visually-hidden">: {row.address}</span>
          </a>
        </p>
      )}
    </Card>
  );
}

function distance(at: DeskHere, metres: number): string {
  const own = crewText(at.language);
  return metres < 950
    ? own.metres(at.number(Math.round(metres / 10) * 10))
    : own.kilometres(at.number(metres / 1000, { maximumFractionDigits: 1 }));
}

async function spotOf(platform: Platform, c: Context<MistoEnv>, typed: string): Promise<Spot | null> {
  const [lat, lon] = ['lat', 'lon'].map((name) => Number.parseFloat(c.req.query(name) ?? ''));
  if (!typed && Number.isFinite(lat) && Number.isFinite(lon))
    return { lat: lat!, lon: lon!, name: `${lat}, ${lon}` };
  if (!typed) return null;
  const [found] = await findBuildings(platform.db, typed);
  return found ? { lat: found.lat, lon: found.lon, name: found.address } : null;
}

function metresTo(row: QueueRow, spot: Spot): number | null {
  if (row.lat === null || row.lon === null) return null;
  const { x, y } = toMetres([spot.lon, spot.lat], { lat: row.lat, lon: row.lon });
  return Math.hypot(x, y);
}
