import { sql } from 'drizzle-orm';
import type { ManualClock } from '#platform/clock.ts';
import { manualClock } from '#platform/clock.ts';
import { filesOf } from '#platform/files/index.ts';
import { personaActor } from '#platform/identity/personas.ts';
import type { Platform } from '#platform/system.ts';
import { type Actor, systemActor, type Work } from '#platform/work.ts';
import {
  answers,
  closings,
  complaints,
  contactCentreData,
  firstNames,
  lastNames,
  openings,
  placesInWords,
  thanks,
  vetoes,
} from '../../../city/dnipro/index.ts';
import { loadCityData } from './city.ts';
import type { LeafData } from './city-data.ts';
import { cityDataOf } from './city-files.ts';
import { appealLife } from './demo-appeals.ts';
import { type DemoPictures, drawDemoPictures } from './demo-photos.ts';
import { joinRequest } from './joining.ts';
import { act, type MoveInput } from './moves.ts';
import { roleDefinitions, roleName } from './permissions.ts';
import type { EvidencePhoto } from './photos.ts';
import { inPost } from './posts.ts';
import { judgePhoto } from './publishing.ts';
import { registerRequest } from './requests.ts';
import type { Move, Role, State } from './states.ts';

/** How many requests the demo year has. */
const total = 5_200;
const day = 86_400_000;
const hour = 3_600_000;

/** With these the city opens; what is older comes while it is open. */
const recentDays = 28;

/**
 * The city, and the requests of its last weeks, each living through the functions that people's clicks call, on a clock of its
 * own. The same seed makes the same year; names and words are made up. With `MISTO_DEMO=city` there is the city and no
 * request yet.
 */
export async function demo(platform: Platform, clock: ManualClock): Promise<void> {
  const end = clock.now();
  const then = { clock: manualClock(yearBefore(end)) };
  const city = (await cityDataOf(platform.config)) ?? contactCentreData;
  await platform.work(systemActor('demo'), (work) => loadCityData(work, city), then);
  if (!hasYear(platform)) return;
  const draw = (work: Work) => drawDemoPictures(work, filesOf(platform.config));
  const pictures = await platform.work(systemActor('demo'), draw, then);
  const recent = yearOf(end).filter(({ at }) => at.getTime() > end.getTime() - recentDays * day);
  await Promise.all(lanes(platform, recent, end, { count: 2, pictures }));
  await platform.work(systemActor('demo'), lookThrough, { clock });
}

/** The rest of the year, the nearest months first; one connection, so that visitors find the city quick. */
export async function demoPast(platform: Platform, clock: ManualClock, stopping: AbortSignal): Promise<void> {
  if (!hasYear(platform)) return;
  await Promise.all(lanes(platform, yearOf(clock.now()), clock.now(), { count: 1, stopping }));
}

/** The words of the demo year speak of the enterprises and streets of Dnipro. */
const hasYear = ({ config }: Platform) => config.demo === 'year' && config.city === 'dnipro';

const yearBefore = (end: Date) => new Date(end.getTime() - 365 * day);

export interface Planned {
  readonly number: number;
  readonly key: string;
  readonly at: Date;
  readonly random: () => number;
}

/** Every request of the demo year that ends then, the latest first: when each comes, and the chance that decides about it. */
export function yearOf(end: Date): Planned[] {
  return Array.from({ length: total }, (_, number) => {
    const random = seeded(number + 1);
    const at = whenReported(number / total, yearBefore(end), end, random);
    return { number, key: `demo-${number}`, at, random };
  }).sort((a, b) => b.at.getTime() - a.at.getTime());
}

/**
 * Connections that take block after block. The lives of one block share a transaction and go on side by side, so that their
 * statements travel together; a life whose request exists was whole when an earlier try was cut off.
 */
function lanes(
  platform: Platform,
  year: readonly Planned[],
  end: Date,
  how: { count: number; pictures?: DemoPictures; stopping?: AbortSignal },
): Promise<void>[] {
  const size = 65;
  // Every now and then only words say where it is, also in some that came in last: an operator has to find the place.
  const described = new Set(
    year
      .filter(({ number }, rank) => number % 25 === 4 || (rank < 24 && rank % 6 === 2))
      .map(({ key }) => key),
  );
  const blocks = Array.from({ length: Math.ceil(year.length / size) }, (_, index) =>
    year.slice(index * size, (index + 1) * size),
  );
  const lane = async () => {
    const resident = await personaActor(platform, 'resident');
    for (let block = blocks.shift(); block && !how.stopping?.aborted; block = blocks.shift()) {
      const planned = block;
      await platform.work(systemActor('demo'), async (work) => {
        // Planned once, and while the tables are still empty.
        await work.tx.execute(sql`set local plan_cache_mode = force_generic_plan`);
        await work.tx.execute(sql`set local enable_seqscan = off`);
        await work.tx.execute(sql`set local jit = off`);
        const { rows } = await work.tx.execute<{ key: string }>(
          sql`select intake_key as key from cc_request where source in ('phone', 'web') and intake_key = any(${sql.param(planned.map(({ key }) => key))}::text[])`,
        );
        const alive = new Set(rows.map(({ key }) => key));
        const lives = planned
          .filter(({ key }) => !alive.has(key))
          .map(({ number, key, at, random }) => {
            const clock = manualClock(yearBefore(end));
            return liveThrough(
              { ...work, clock },
              {
                random,
                at,
                end,
                clock,
                key,
                byWords: described.has(key),
                // One in a hundred is of the resident whom the sign-in page offers, so that the cabinet has its cases.
                person: number % 100 === 7 ? resident.id : null,
                // Some of the last weeks, so that the first pages have pictures.
                pictures:
                  number % 18 === 3 && at.getTime() > end.getTime() - 24 * day
                    ? (how.pictures ?? null)
                    : null,
              },
            );
          });
        // No life may go on in a transaction that another one has ended.
        const ends = await Promise.allSettled(lives);
        for (const one of ends) if (one.status === 'rejected') throw one.reason;
      });
    }
  };
  return Array.from({ length: how.count }, lane);
}

/** What people of the demo city report. */
const leaves = contactCentreData.categories.filter(
  (one): one is LeafData =>
    one.kind === 'leaf' && !one.stopper && !one.competence && !one.successor && one.regime !== 'statutory',
);

/** Of these, what may be reported about a place that has no address. */
const describable = leaves.filter(
  ({ needs = ['place'] }) => needs.length > 0 && !needs.includes('building') && !needs.includes('flat'),
);

/** Id of the thing of a branch that stands nearest to a point. */
function nearestThing(branch: string | null, at: { lat: number; lon: number }): string | null {
  const far = (one: { lat: number; lon: number }) =>
    Math.hypot(one.lat - at.lat, (one.lon - at.lon) * Math.cos((at.lat * Math.PI) / 180));
  const things = (contactCentreData.assets ?? []).filter((one) => one.branch === branch);
  return things.reduce((best, one) => (!best || far(one) < far(best) ? one : best), things[0])?.id ?? null;
}

/** Whom an operator sends what belongs to a branch. */
function enterpriseOf(branch: string | null): string {
  for (const { when, to } of contactCentreData.rules)
    if (typeof to === 'object' && when.branches?.includes(branch ?? '')) return to.organisation;
  return contactCentreData.organisations.find(({ kind }) => kind === 'executor')!.id;
}

interface Life {
  readonly random: () => number;
  readonly at: Date;
  readonly end: Date;
  readonly clock: ManualClock;
  readonly key: string;
  /** Whether nothing but words tells the place. */
  readonly byWords: boolean;
  /** The demo resident's account; null for everybody else. */
  readonly person: string | null;
  readonly pictures: DemoPictures | null;
}

/** Most over the year, an eighth in the last three weeks: with the heating season more people write. */
function whenReported(share: number, start: Date, end: Date, random: () => number): Date {
  const spread = end.getTime() - start.getTime() - hour;
  if (random() < 0.125) return new Date(end.getTime() - random() * 21 * day);
  return new Date(start.getTime() + (share + random() / total) ** 0.9 * spread);
}

/** One request from its report to as far as its time reaches. */
async function liveThrough(work: Work, life: Life): Promise<void> {
  const { random, clock, end } = life;
  clock.set(dayTime(life.at, random));
  if (clock.now() > end) clock.set(new Date(end.getTime() - random() * 3 * hour));
  const leaf = season(life.byWords ? describable : leaves, clock.now(), random);
  const building = pick(contactCentreData.buildings, random);
  const near = {
    lat: building.lat + (random() - 0.5) * 0.0012,
    lon: building.lon + (random() - 0.5) * 0.0018,
  };
  if (!life.byWords && random() < 0.02)
    return appealLife(work, {
      key: life.key,
      end,
      random,
      reporter: { ...someone(random), channel: 'phone', language: 'uk' },
      operator: staff('operator'),
      dispatcher: (organisation) => staff('dispatcher', organisation),
      set: (at) => clock.set(at),
    });
  const channel = random() < 0.55 ? 'phone' : 'web';
  const intake = as(work, channel === 'phone' ? staff('operator') : reporter);
  const known = {
    ...(leaf.needs?.includes('building') || leaf.needs?.includes('flat') || random() < 0.7
      ? { building: building.id }
      : { point: near }),
    ...(leaf.needs?.includes('flat') ? { flat: String(1 + Math.floor(random() * 80)) } : {}),
    ...(leaf.needs?.includes('asset') ? { asset: nearestThing(leaf.parent, near) } : {}),
  };
  const place = life.byWords ? { address: pick(placesInWords, random) } : known;
  const report = (who: string | null) => ({
    source: channel,
    category: leaf.code,
    text: `${pick(openings, random)}${pick(complaints[leaf.code] ?? [leaf.name.uk], random)}.${pick(closings, random)}`,
    answers: (leaf.questions ?? []).flatMap((question) =>
      question.required && !question.showIf
        ? [{ code: question.code, values: [sample(question, random)] }]
        : [],
    ),
    place,
    reporter: { ...someone(random), ...(who ? { person: who } : {}), channel, language: 'uk' as const },
  });
  const hidden = random() < 0.03;
  const born = await registerRequest(intake, {
    ...report(life.person),
    intakeKey: life.key,
    private: hidden,
    ...(life.pictures ? { photos: [await life.pictures.take(work, leaf.parent ?? '', 'before', near)] } : {}),
  });
  let state: State = born.state;
  const moveOn = async (after: number, actor: Actor, move: Move, input: MoveInput = {}): Promise<boolean> => {
    const next = new Date(clock.now().getTime() + after);
    if (next > end) return false;
    clock.set(next);
    state = (await act(as(work, actor), born.number, move, input)).state;
    return true;
  };
  const operator = staff('operator');
  // Neighbours join rather than report again; the few who report all the same are linked by the operator.
  const neighbours = random() < 0.12 ? 1 + Math.floor(random() * 3) : 0;
  const joined: string[] = [];
  const isOpen = !hidden && leaf.visibility !== 'private';
  for (let i = 0; i < neighbours && isOpen; i++) {
    clock.set(new Date(Math.min(clock.now().getTime() + hours(0.1, 3, random), end.getTime())));
    const neighbour = { ...someone(random), channel: 'web', language: 'uk' as const };
    joined.push((await joinRequest(as(work, reporter), born.number, neighbour)).followToken);
  }
  if (isOpen && random() < 0.02) {
    const twin = await registerRequest(intake, { ...report(null), intakeKey: `${life.key}-twin` });
    await act(as(work, operator), twin.number, 'link', { master: born.number });
  }
  if (state === 'triage') {
    const fate = random();
    if (fate < 0.25)
      return void (await moveOn(hours(4, 20, random), operator, 'transfer', {
        destination: 'Обласна служба автомобільних доріг',
      }));
    if (fate < 0.45)
      return void (await moveOn(hours(4, 20, random), operator, 'refuse', {
        reason: 'Це питання не належить до повноважень міста',
      }));
    const given = enterpriseOf(leaf.parent);
    if (
      !(await moveOn(hours(4, 10, random), operator, 'assign', {
        organisation: given,
        reason: 'За місцем і видом робіт',
      }))
    )
      return;
    return workOn(given);
  }
  return workOn(born.organisation!);

  async function workOn(organisation: string): Promise<void> {
    const dispatcher = staff('dispatcher', organisation);
    const crew = staff('crew', organisation);
    // Each time another crew, as long as there is one: the third refusal asks for it.
    const been: string[] = [];
    const nextCrew = () => {
      const crew = crewOf(organisation, random, been);
      been.push(crew);
      return { crew };
    };
    const urgent = leaf.class === 'urgent' || leaf.class === 'emergency';
    const pace = urgent ? 0.12 : 1;
    if (random() < 0.03)
      return void (await moveOn(hours(5, 60, random), reporter, 'withdraw', {
        reporterToken: born.followToken,
      }));
    if (!(await moveOn(hours(0.2, urgent ? 1 : 40, random), dispatcher, 'accept'))) return;
    if (random() < 0.06) {
      if (
        !(await moveOn(hours(1, 6, random), dispatcher, 'ask', {
          question: 'Уточніть, будь ласка, у якому під’їзді?',
        }))
      )
        return;
      if (
        !(await moveOn(hours(3, 40, random), reporter, 'reply', {
          comment: 'У другому під’їзді',
          reporterToken: born.followToken,
        }))
      )
        return;
    }
    if (!urgent && random() < 0.2) {
      const date = new Date(clock.now().getTime() + hours(48, 150, random));
      if (
        !(await moveOn(hours(1, 10, random), dispatcher, 'plan', {
          date,
          reason: 'Потрібні матеріали, роботи заплановано',
        }))
      )
        return;
    }
    if (!(await moveOn(hours(4, 160, random) * pace, dispatcher, 'dispatch', nextCrew()))) return;
    if (!(await moveOn(hours(0.3, 6, random) * pace, crew, 'arrive'))) return;
    for (let attempt = 0; attempt < 3; attempt++) {
      const odds = random();
      const result = odds < 0.88 ? 'fixed' : odds < 0.95 ? 'explained' : 'impossible';
      const answer = pick(answers[leaf.parent ?? ''] ?? ['Роботи виконано.'], random);
      const evidence =
        life.pictures && result === 'fixed' ? await pairOf(life.pictures, work, leaf, near) : [];
      if (!(await moveOn(hours(2, 110, random) * pace, crew, 'claim', { result, answer, evidence }))) return;
      const voice = random();
      if (voice < 0.55) {
        const comment = pick(thanks, random);
        const input = { reporterToken: born.followToken, grade: 3 + Math.floor(random() * 3), comment };
        if (!(await moveOn(hours(1, 40, random), reporter, 'confirm', input))) return;
        for (const token of joined) {
          if (state !== 'claimed' || random() < 0.3) continue;
          if (!(await moveOn(hours(1, 20, random), reporter, 'confirm', { reporterToken: token, grade: 5 })))
            return;
        }
        if (state === 'claimed') await moveOn(169 * hour, systemActor('verification'), 'confirm');
        return;
      }
      if (voice < 0.82)
        return void (await moveOn(hours(49, 170, random), systemActor('verification'), 'lapse'));
      const input = {
        reporterToken: born.followToken,
        comment: pick(vetoes, random),
        grade: 1 + Math.floor(random() * 2),
      };
      if (!(await moveOn(hours(1, 40, random), reporter, 'veto', input))) return;
      if (!(await moveOn(hours(2, 40, random), dispatcher, 'dispatch', nextCrew()))) return;
    }
  }
}

async function pairOf(
  pictures: DemoPictures,
  work: Work,
  leaf: LeafData,
  place: { lat: number; lon: number },
): Promise<EvidencePhoto[]> {
  const take = async (kind: 'before' | 'after') => ({
    ...(await pictures.take(work, leaf.parent ?? '', kind, place)),
    kind,
  });
  return [await take('before'), await take('after')];
}

/** The moderator has looked at two photos of three; those of private requests are never shown. */
async function lookThrough(work: Work): Promise<void> {
  const { rows } = await work.tx.execute<{
    id: string;
    request: string;
  }>(sql`select p.id, p.request from cc_photo p
    join cc_request r on r.number = p.request
    where r.regime = 'service' and r.publication = 'published' and p.moderated_at is null order by p.at, p.id`);
  const moderator = as(work, staff('moderator'));
  for (const [index, { id, request }] of rows.entries())
    if (index % 3 < 2) await judgePhoto(moderator, request, id, 'publish');
}

const reporter: Actor = {
  kind: 'anonymous',
  id: null,
  name: '',
  organisation: null,
  grants: [],
  assurance: 0,
};

/** Invented: numbers in the range that no operator gives out. */
function someone(random: () => number) {
  return {
    name: `${pick(firstNames, random)} ${pick(lastNames, random)}`,
    residence: `м. Дніпро, ${pick(contactCentreData.buildings, random).street}`,
    phone: `+38000${String(Math.floor(random() * 10_000_000)).padStart(7, '0')}`,
  };
}

/** One of the enterprise's crews, as a dispatcher would pick it. */
function crewOf(organisation: string, random: () => number, been: readonly string[]): string {
  const crews = contactCentreData.units.filter(
    (unit) => unit.kind === 'crew' && unit.organisation === organisation,
  );
  if (crews.length === 0) return 'Чергова бригада';
  const fresh = crews.filter(({ id }) => !been.includes(id));
  return pick(fresh.length ? fresh : crews, random).id;
}

const staffCache = new Map<string, Actor>();
function staff(role: Role, organisation: string | null = null): Actor {
  const key = `${role} ${organisation}`;
  const known = staffCache.get(key);
  if (known) return known;
  const { title } = roleDefinitions.find(({ name }) => name === roleName(role))!;
  const actor = inPost(role, organisation, { id: `demo-${role}`, name: title.uk });
  staffCache.set(key, actor);
  return actor;
}

const as = (work: Work, actor: Actor): Work => ({ ...work, actor });

function hours(least: number, most: number, random: () => number): number {
  return (least + random() ** 2 * (most - least)) * hour;
}

/** People write by day rather than by night. */
function dayTime(at: Date, random: () => number): Date {
  const local = at.getUTCHours();
  return local < 4 && random() < 0.8 ? new Date(at.getTime() + (5 + random() * 10) * hour) : at;
}

/** Heating and snow belong to the cold months, trees and animals to the warm ones. */
function season(from: readonly LeafData[], at: Date, random: () => number): LeafData {
  const cold = [0, 1, 2, 9, 10, 11].includes(at.getUTCMonth());
  for (;;) {
    const leaf = pick(from, random);
    const winter = leaf.parent === 'heating' || leaf.parent === 'snow';
    const summer = leaf.parent === 'trees' || leaf.parent === 'animals';
    if ((winter && !cold) || (summer && cold && random() < 0.6)) continue;
    if (winter && cold) return leaf;
    if (random() < (cold ? 0.4 : 0.8)) return leaf;
  }
}

function sample(question: NonNullable<LeafData['questions']>[number], random: () => number): string {
  if (question.values) return pick(question.values, random).key;
  if (question.datatype === 'number') return String(1 + Math.floor(random() * 9));
  if (question.datatype === 'datetime') return '2026-01-15T09:00:00+02:00';
  return 'Так';
}

function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)]!;
}

/** Mulberry32: a small generator whose numbers a seed fixes. */
function seeded(seed: number): () => number {
  let a = seed * 0x9e3779b9;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
