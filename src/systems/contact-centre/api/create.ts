import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { secretsOf } from '#platform/identity/secrets.ts';
import type { Actor, Work } from '#platform/work.ts';
import { assetByNumber, assetsNamed } from '../assets.ts';
import type { LeafData, QuestionData } from '../city-data.ts';
import { type Received, receivePhotos } from '../photos.ts';
import type { Acts, Report } from './acts.ts';
import type { Answer, Call } from './call.ts';
import { formatInstant, readInstant } from './dates.ts';
import { absent, Faults, wrong } from './errors.ts';
import type { Value } from './format.ts';
import { actorOf, countPost, type Key, readKey } from './keys.ts';
import type { SentFile } from './parameters.ts';
import { readService, type Service } from './services.ts';

const longestText = 4_000;
const repeatWindow = 10 * 60_000;

/** `POST /requests`: stores the report before it answers, and answers a repeat as it answered the first time. */
export function createRequest(acts: Acts): (call: Call) => Promise<Answer> {
  return async (call) => {
    const { platform, parameters } = call;
    const faults = new Faults();
    const key = await readKey(platform, parameters.one('api_key'), faults, 'required');
    if (key) await countPost(platform, key);
    const code = parameters.one('service_code');
    if (code === null) faults.add(400, 'service_code', 'missing; see /services');
    const service =
      code === null ? null : await faults.collect(() => readService(platform.db, code, call.language));
    const answers = service ? readAnswers(call, service.leaf, faults) : [];
    const place = await readPlace(call, faults);
    const asset = service ? await readAsset(call, service, place.point, faults) : null;
    const clientId = readClientId(call, faults);
    const draft = { ...readReporter(call, faults), ...place, asset, answers };
    faults.check();
    const leaf = service!.leaf;
    const { photos, faults: leftOut } = await receiveFiles(call, actorOf(key!));
    const report: Report = {
      ...draft,
      intakeKey: `${key!.id}:${clientId ?? randomUUID()}`,
      client: key!.id,
      category: leaf.code,
      photos,
      language: call.language,
    };
    // Keyed: a plain hash of what people wrote could be guessed.
    const hash = secretsOf(platform.config).blind('payload', await payloadOf(report, parameters.files));
    const answer = await platform.work(
      actorOf(key!),
      (work) =>
        once(work, call, key!, clientId, hash, () => register(work, acts, report, leaf, leftOut, call)),
      { requestId: call.requestId },
    );
    return { document: { root: 'service_requests', item: 'request', value: [answer] } };
  };
}

interface Created {
  readonly number: string;
  readonly token: string | null;
  readonly answer: Value;
}

async function register(
  work: Work,
  acts: Acts,
  report: Report,
  leaf: LeafData,
  leftOut: readonly string[],
  call: Call,
): Promise<Created> {
  const { number, due } = await acts.register(work, report);
  const token = leaf.type === 'batch' ? randomBytes(16).toString('base64url') : null;
  const rest = { service_notice: noticeOf(leaf, due, leftOut, call), account_id: null };
  // Never both, and never an empty one: a client takes the field that is there.
  const answer =
    leaf.type === 'batch'
      ? { token, ...rest }
      : leaf.type === 'blackbox'
        ? rest
        : { service_request_id: number, ...rest };
  return { number, token, answer };
}

function noticeOf(leaf: LeafData, due: Date | null, leftOut: readonly string[], call: Call): string | null {
  const until = due && formatInstant(due);
  const term = until && `${until.slice(8, 10)}.${until.slice(5, 7)}, ${until.slice(11, 16)}`;
  const promise = term && (call.language === 'uk' ? `До ${term}` : `By ${term}`);
  return [leaf.notice?.[call.language], promise, ...leftOut].filter(Boolean).join(' ') || null;
}

/** Does the act once for a client's own key, or for the same payload within ten minutes; repeats get the first answer. */
async function once(
  work: Work,
  call: Call,
  key: Key,
  clientId: string | null,
  hash: string,
  act: () => Promise<Created>,
): Promise<Value> {
  const now = work.clock.now();
  // Two processes that receive the same post at the same moment wait for each other here.
  const lock = `open311:${call.sandbox}:${key.id}:${clientId ?? hash}`;
  const same = clientId
    ? sql`client_request_id = ${clientId}`
    : sql`client_request_id is null and payload_hash = ${hash} and at > ${new Date(now.getTime() - repeatWindow).toISOString()}`;
  // One behind the other on the wire: the look begins when the lock is held.
  const [, { rows }] = await Promise.all([
    work.tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`),
    work.tx.execute<{ payload_hash: string; answer: Value }>(sql`
      select payload_hash, answer from open311_post
      where key = ${key.id} and sandbox = ${call.sandbox} and ${same} order by at desc limit 1`),
  ]);
  const first = rows[0];
  if (first?.payload_hash && first.payload_hash !== hash)
    throw wrong('client_request_id', `"${clientId}" was used for another report, which stays as it is`);
  if (first) return first.answer;
  const made = await act();
  await work.tx.execute(sql`
    insert into open311_post (key, payload_hash, sandbox, request, token, answer, at, client_request_id)
    values (${key.id}, ${hash}, ${call.sandbox}, ${made.number}, ${made.token}, ${JSON.stringify(made.answer)}::json,
      ${now.toISOString()}, ${clientId})`);
  return made.answer;
}

/** What was sent, so that a repeat is known; the photos by their contents. */
async function payloadOf(report: Report, files: readonly SentFile[]): Promise<string> {
  const { intakeKey: _intakeKey, photos: _photos, ...payload } = report;
  const contents = await Promise.all(
    files.map(async (sent) =>
      createHash('sha256')
        .update(new Uint8Array(await sent.file.arrayBuffer()))
        .digest('hex'),
    ),
  );
  return JSON.stringify([payload, contents]);
}

function readClientId(call: Call, faults: Faults): string | null {
  const id = call.parameters.one('client_request_id');
  if (id !== null && !/^[A-Za-z0-9_-]{1,100}$/.test(id))
    faults.add(400, 'client_request_id', 'use up to 100 letters, digits, _ and -');
  return id;
}

async function readPlace(
  call: Call,
  faults: Faults,
): Promise<Pick<Report, 'point' | 'building' | 'address'>> {
  const { parameters, city } = call;
  const lat = parameters.number('lat', faults, { min: -90, max: 90 });
  const lon = parameters.number('long', faults, { min: -180, max: 180 });
  const hasLat = parameters.one('lat') !== null;
  const hasLong = parameters.one('long') !== null;
  if (hasLat !== hasLong) faults.add(400, hasLat ? 'long' : 'lat', 'missing; lat and long go together');
  const address = parameters.one('address_string');
  if (address && address.length > 500) faults.add(400, 'address_string', 'longer than 500 characters');
  const building = parameters.one('address_id');
  const asset = parameters.one('asset_id');
  if (!hasLat && !hasLong && address === null && building === null && asset === null)
    faults.add(400, 'lat', 'no place; send lat and long, or address_string, or address_id');
  if (lat !== null && lon !== null && !isNear(city.bounds, lat, lon))
    faults.add(400, 'lat', `${lat}, ${lon} is not in ${city.name.en}`);
  if (building !== null) {
    const { rows } = await call.platform.db.execute(sql`select 1 from cc_building where id = ${building}`);
    if (rows.length === 0)
      await faults.collect(async () => {
        throw absent('address_id', `there is no address "${building.slice(0, 60)}"`);
      });
  }
  return { point: lat !== null && lon !== null ? { lat, lon } : null, building, address };
}

/**
 * Our extension: `asset_id` names the thing that the report is about by its id, or by the number that is written on it. The
 * same number on several things means the nearest to the point.
 */
async function readAsset(
  call: Call,
  service: Service,
  point: Report['point'],
  faults: Faults,
): Promise<string | null> {
  const told = call.parameters.one('asset_id');
  if (told === null) return null;
  const { db } = call.platform;
  if ((await assetsNamed(db, [told])).has(told)) return told;
  const found = await assetByNumber(db, service.branches, told, point, call.city.centre);
  if (!found)
    faults.add(
      404,
      'asset_id',
      `this service knows no one thing "${told.slice(0, 60)}"; where several share the number, send lat and long too`,
    );
  return found?.id ?? null;
}

function isNear(bounds: Call['city']['bounds'], lat: number, lon: number): boolean {
  const [[west, south], [east, north]] = bounds;
  const marginLat = 30 / 111.2;
  const marginLon = marginLat / Math.cos((lat * Math.PI) / 180);
  return (
    lat >= south - marginLat && lat <= north + marginLat && lon >= west - marginLon && lon <= east + marginLon
  );
}

const limits = { first_name: 100, last_name: 100, device_id: 200, account_id: 200 } as const;

function readReporter(call: Call, faults: Faults): Pick<Report, 'text' | 'reporter' | 'mediaUrls'> {
  const { parameters } = call;
  for (const [name, limit] of Object.entries(limits))
    if ((parameters.one(name)?.length ?? 0) > limit) faults.add(400, name, `longer than ${limit} characters`);
  const text = parameters.one('description') ?? '';
  if ([...text].length > longestText) faults.add(400, 'description', `longer than ${longestText} characters`);
  const email = parameters.one('email');
  if (email !== null && !/^[^\s@]{1,64}@[^\s@]+\.[^\s@]+$/.test(email))
    faults.add(400, 'email', 'is not an e-mail address');
  const phone = parameters.one('phone');
  if (phone !== null && !/^\+?[\d\s()-]{7,25}$/.test(phone))
    faults.add(400, 'phone', 'is not a telephone number; write +380671234567');
  const mediaUrls = readMedia(call, faults);
  const name = [parameters.one('first_name'), parameters.one('last_name')].filter(Boolean).join(' ');
  return {
    text,
    reporter: {
      name: name || null,
      email,
      phone,
      device: parameters.one('device_id'),
      account: parameters.one('account_id'),
    },
    mediaUrls,
  };
}

/**
 * The pictures among the files of a call, whatever field they came in; what is none is named, and the rest is taken. The
 * sandbox keeps none: it is emptied every day.
 */
export async function receiveFiles(call: Call, actor: Actor): Promise<Received> {
  if (call.sandbox || call.parameters.files.length === 0) return { photos: [], faults: [] };
  const { language, requestId } = call;
  const files = call.parameters.files.map(({ file }) => file);
  return receivePhotos(call.platform, actor, files, { language, requestId });
}

/** Addresses of photos that a client keeps elsewhere. */
export function readMedia(call: Call, faults: Faults): readonly string[] {
  const urls = call.parameters.list('media_url');
  if (urls.length > 10) faults.add(400, 'media_url', 'at most 10');
  for (const url of urls)
    if (url.length > 2_000 || !/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
      faults.add(400, 'media_url', `"${url.slice(0, 60)}" is not an http address`);
  return urls.slice(0, 10);
}

/** Checks the answers against the questions of the service: all required, known and of their type. */
function readAnswers(call: Call, leaf: LeafData, faults: Faults): Report['answers'] {
  const given = call.parameters.attributes;
  const questions = (leaf.questions ?? []).filter((question) => question.datatype !== 'information');
  for (const code of given.keys())
    if (!questions.some((question) => question.code === code))
      faults.add(400, `attribute[${code.slice(0, 60)}]`, `is not asked by "${leaf.code}"`);
  return questions.flatMap((question) => {
    const name = `attribute[${question.code}]`;
    const values = given.get(question.code) ?? [];
    if (values.length === 0) {
      if (question.required && isAsked(question, given)) faults.add(400, name, 'missing');
      return [];
    }
    const fault = faultOf(question, values);
    if (fault) faults.add(400, name, fault);
    return [{ code: question.code, values }];
  });
}

function isAsked(question: QuestionData, given: ReadonlyMap<string, readonly string[]>): boolean {
  if (!question.showIf) return true;
  const { question: other, in: keys } = question.showIf;
  return (given.get(other) ?? []).some((value) => keys.includes(value));
}

function faultOf(question: QuestionData, values: readonly string[]): string | null {
  const { datatype } = question;
  if (datatype === 'singlevaluelist' || datatype === 'multivaluelist') {
    const keys = (question.values ?? []).map((value) => value.key);
    const unknown = values.find((value) => !keys.includes(value));
    if (unknown !== undefined) return `"${unknown.slice(0, 40)}" is none of ${keys.join(', ')}`;
    return datatype === 'singlevaluelist' && values.length > 1 ? 'takes one value' : null;
  }
  if (values.length > 1) return 'takes one value';
  const value = values[0]!;
  if (datatype === 'number') return /^[+-]?\d+([.,]\d+)?$/.test(value) ? null : 'is not a number';
  if (datatype === 'datetime') {
    const instant = readInstant(value);
    return typeof instant === 'string' ? instant : null;
  }
  const limit = datatype === 'text' ? longestText : 255;
  return [...value].length > limit ? `longer than ${limit} characters` : null;
}
