import { beforeAll, describe, expect, it } from 'vitest';
import { testPlatform } from '#platform/database/testing.ts';
import { transliterate } from '#platform/i18n/transliterate.ts';
import { systemActor } from '#platform/work.ts';
import { buildings, contactCentreData, districts, streets } from '../../../city/dnipro/index.ts';
import { findAddress } from './addresses.ts';
import { loadCityData } from './city.ts';
import { cityActs } from './city-acts.ts';
import { randomFrom } from './seeding.ts';

const platform = await testPlatform();
beforeAll(() => platform.work(systemActor('city'), (work) => loadCityData(work, contactCentreData)));
const find = (typed: string) => findAddress(platform.db, typed);

const abbreviations: Readonly<Record<string, readonly string[]>> = {
  вулиця: ['вул.', 'вул', 'ВУЛИЦЯ', 'ул.', 'vul.', ''],
  проспект: ['просп.', 'пр-т', 'пр.', 'проспект', 'prosp.', ''],
  бульвар: ['бульв.', 'б-р', 'бульвар', ''],
  площа: ['пл.', 'площа', 'пл'],
  узвіз: ['узвіз', 'узв.'],
  шосе: ['шосе', 'шоссе'],
  'житловий масив': ['ж/м', 'жм', 'ж-м', 'масив'],
};

/** A building's address as somebody might type it; the same on every run. */
function messy(index: number, random: () => number): string {
  const building = buildings[index % buildings.length]!;
  const street = streets.find((one) => one.id === building.street)!;
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  let name = street.name;
  if (street.former[0] && random() < 0.2) name = street.former[0];
  if (random() < 0.1) name = transliterate(name);
  if (random() < 0.15) name = name.replaceAll('і', 'i').replaceAll('о', 'o');
  if (
    random() < 0.1 &&
    name.split(' ').length === 2 &&
    name === street.name &&
    /^[А-ЯІЇЄ]\p{L}{4,} /u.test(name) &&
    /ого$|ка$|ча$|ва$|ра$/.test(name)
  )
    name = name.replace(/^(\p{L})\p{L}+ /u, '$1. ');
  const type = pick(abbreviations[street.type]!);
  const named =
    /^[\p{L}/.-]*(шосе|узвіз|масив|ж.м|жм)/u.test(type) && random() < 0.5
      ? `${name} ${type}`
      : `${type} ${name}`;
  let house = building.house;
  if (random() < 0.5) house = house.toLowerCase();
  if (/[АаВв]$/.test(house) && random() < 0.5) house = house.replace(/[Аа]/, random() < 0.5 ? 'A' : '-а');
  const flat = pick(['', '', '', ' кв. 15', ', кв 7', '-45', ' кв.3, 2 під’їзд', ', офіс 4', ' п. 3']);
  const numbered = `${pick(['', ', ', ' буд. ', ', будинок ', ' д.', ' № '])} ${house}${/[^\d]$/.test(house) && flat.startsWith('-') ? '' : flat}`;
  const district = districts.find((one) => one.code === building.district)!.name.uk.replace(/ район$/i, '');
  const before = pick([
    '',
    '',
    '',
    'м. Дніпро, ',
    'Дніпро ',
    '49000, Дніпро, ',
    'Днепр, ',
    `${district} район, `,
  ]);
  const written = before + named + numbered;
  return random() < 0.15 ? written.toUpperCase() : random() < 0.2 ? written.toLowerCase() : written;
}

describe('typed addresses of the city', () => {
  it('are understood in at least 95 of 100 messy spellings, and never with certainty as another house', async () => {
    const random = randomFrom(2026);
    const wrong: string[] = [];
    const sureAndWrong: string[] = [];
    const total = buildings.length;
    for (let i = 0; i < total; i++) {
      const typed = messy(i, random);
      const found = await find(typed);
      if (found.building?.id === buildings[i]!.id) continue;
      wrong.push(`${typed} → ${found.confidence} ${found.building?.address ?? '–'}`);
      if (found.confidence === 'high') sureAndWrong.push(typed);
    }
    console.info(`${total} generated addresses, ${wrong.length} not understood`, wrong.slice(0, 30));
    expect(total).toBeGreaterThanOrEqual(300);
    expect(sureAndWrong).toEqual([]);
    expect(wrong.length / total).toBeLessThanOrEqual(0.05);
  });
});

const written: readonly (readonly [typed: string, address: string, rest?: Record<string, string>])[] = [
  ['Робоча 7', 'вулиця Робоча, 7'],
  ['вул. Робоча, буд. 15-А, кв. 8', 'вулиця Робоча, 15А', { flat: '8' }],
  ['робоча 15a', 'вулиця Робоча, 15А'],
  ['на Робочій 7', 'вулиця Робоча, 7'],
  ['ул. Рабочая, 7', 'вулиця Робоча, 7'],
  ['улица Рабочая дом 7 квартира 12', 'вулиця Робоча, 7', { flat: '12' }],
  ['vul. Robocha 7', 'вулиця Робоча, 7'],
  ['7 Robocha street', 'вулиця Робоча, 7'],
  ['Карла Маркса 10', 'проспект Дмитра Яворницького, 10'],
  ['пр. К. Маркса, 10', 'проспект Дмитра Яворницького, 10'],
  ['проспект Карла Маркса, д.10', 'проспект Дмитра Яворницького, 10'],
  ['Karla Marksa 10', 'проспект Дмитра Яворницького, 10'],
  ['Д. Яворницького 10', 'проспект Дмитра Яворницького, 10'],
  ['Яворницкого 10', 'проспект Дмитра Яворницького, 10'],
  ['Yavornytskoho Ave, 10', 'проспект Дмитра Яворницького, 10'],
  ['Dmytra Yavornytskoho prospekt 1A', 'проспект Дмитра Яворницького, 1А'],
  ['просп. Яворницького,1-а', 'проспект Дмитра Яворницького, 1А'],
  ['пр-т Кірова 20', 'проспект Олександра Поля, 20'],
  ['Кирова, 20', 'проспект Олександра Поля, 20'],
  ['О. Поля 20', 'проспект Олександра Поля, 20'],
  ['Комсомольська 9', 'вулиця Старокозацька, 9'],
  ['Комсомольская, 9', 'вулиця Старокозацька, 9'],
  ['Леніна 5', 'вулиця Воскресенська, 5'],
  ['Набережна Леніна 12', 'вулиця Січеславська Набережна, 12'],
  ['Січеславська наб., 12', 'вулиця Січеславська Набережна, 12'],
  ['Сичеславская набережная 12', 'вулиця Січеславська Набережна, 12'],
  ['наб. Перемоги, 12, кв 4', 'вулиця Набережна Перемоги, 12', { flat: '4' }],
  ['набережная победы 12', 'вулиця Набережна Перемоги, 12'],
  ['Гагаріна 10', 'проспект Науки, 10'],
  ['просп Гагарина 10', 'проспект Науки, 10'],
  ['Дніпро, просп. Науки, буд. 10, 3 під’їзд, 5 поверх', 'проспект Науки, 10', { entrance: '3' }],
  ['б-р Слави, 12 а', 'бульвар Слави, 12А'],
  ['бульвар Славы 12А', 'бульвар Слави, 12А'],
  ['Слави бул. 12A', 'бульвар Слави, 12А'],
  ['ж/м Тополя 15', 'житловий масив Тополя, 15'],
  ['Тополя ж.м. 15 кв 3', 'житловий масив Тополя, 15', { flat: '3' }],
  ['жилмассив Солнечный, 7', 'житловий масив Сонячний, 7'],
  ['Красный Камень 8', 'житловий масив Червоний Камінь, 8'],
  ['Комунар 5', 'житловий масив Покровський, 5'],
  ['Крутогірний узвіз 2', 'узвіз Крутогірний, 2'],
  ['узв. Крутогорный, 2', 'узвіз Крутогірний, 2'],
  ['Запорізьке шосе 29а', 'шосе Запорізьке, 29А'],
  ['Запорожское шоссе 30', 'шосе Запорізьке, 30'],
  ['Криворожское ш 5', 'шосе Криворізьке, 5'],
  ['Донецьке шосе, 17 А', 'шосе Донецьке, 17А'],
  ['пл. Героїв Майдану, 9', 'площа Героїв Майдану, 9'],
  ['площадь Героев Майдана 9', 'площа Героїв Майдану, 9'],
  ['Петровського 10', 'проспект Івана Мазепи, 10'],
  ['пр. Мазепы 10', 'проспект Івана Мазепи, 10'],
  ['Калініна 10', 'проспект Сергія Нігояна, 10'],
  ['пр Правды 21', 'проспект Слобожанський, 21'],
  ['Слобожанский проспект, 21', 'проспект Слобожанський, 21'],
  ['Героев Сталинграда 11', 'проспект Богдана Хмельницького, 11'],
  ['Б.Хмельницького 11', 'проспект Богдана Хмельницького, 11'],
  ['Грушевського 13A', 'вулиця Михайла Грушевського, 13А'],
  ['Коцюбинського, 8 кв.41', 'вулиця Михайла Коцюбинського, 8', { flat: '41' }],
  ['вул. В’ячеслава Липинського 9', "вулиця В'ячеслава Липинського, 9"],
  ['ВЯЧЕСЛАВА ЛИПИНСЬКОГО 9', "вулиця В'ячеслава Липинського, 9"],
  ['Шевченківський район, вул. Шевченка 4а', 'вулиця Шевченка, 4А'],
  ['вул. Шевченко, 7-21', 'вулиця Шевченка, 7', { flat: '21' }],
  ['Леси Украинки 9 оф 12', 'проспект Лесі Українки, 9', { office: '12' }],
  ['Пушкіна, 9', 'проспект Лесі Українки, 9'],
  ['Батумська 16 А', 'вулиця Батумська, 16А'],
  ['Батумськая 16а', 'вулиця Батумська, 16А'],
  ['49081, м. Дніпро, вул. Байкальська, 5', 'вулиця Байкальська, 5'],
  ['Мандрикiвська 6', 'вулиця Мандриківська, 6'],
  ['Мандрыковская 6', 'вулиця Мандриківська, 6'],
  ['вул Чкалова 13', 'вулиця Святослава Хороброго, 13'],
  ['Серова 8', 'вулиця Андрія Фабра, 8'],
  ['біля будинку Фабра 8', 'вулиця Андрія Фабра, 8'],
  ['Днепропетровск ул Калиновая 9', 'вулиця Калинова, 9'],
  ['Сімферополська 9', 'вулиця Сімферопольська, 9'],
];

describe('addresses written by hand', () => {
  it('are understood in at least 95 of 100 cases, with flat, entrance and office', async () => {
    expect(written.length).toBeGreaterThanOrEqual(60);
    const wrong: string[] = [];
    for (const [typed, address, rest = {}] of written) {
      const found = await find(typed);
      const parts = Object.entries(rest).every(([part, value]) => found[part as 'flat'] === value);
      if (found.building?.address !== address || !parts)
        wrong.push(`${typed} → ${found.confidence} ${found.building?.address} ${found.flat}`);
      if (found.building && found.building.address !== address) expect(found.confidence).not.toBe('high');
    }
    console.info(`${written.length} by hand, ${wrong.length} not understood`, wrong);
    expect(wrong.length / written.length).toBeLessThanOrEqual(0.05);
  });

  it.each(['Набережна 12', 'Володимира 10'])('%s is ambiguous: choices, no certainty', async (typed) => {
    const found = await find(typed);
    expect(found.confidence).not.toBe('high');
    expect(new Set(found.alternatives.map((one) => one.address.split(',')[0])).size).toBeGreaterThan(1);
  });

  it.each([
    'провулок Робочий 999',
    'вул. Неіснуюча 5',
    'вулиця Слави, 12А',
    'десь біля річки',
    '12',
    '',
    'Київ, Хрещатик 1',
    '💥 Робоча',
  ])('«%s» is never certain', async (typed) => expect((await find(typed)).confidence).not.toBe('high'));

  it('a house that the street does not have gives the street and its nearest houses', async () => {
    const found = await find('вул. Робоча, 15Б');
    expect(found).toMatchObject({ street: 'вулиця Робоча', building: null, confidence: 'medium' });
    expect(found.alternatives.map((one) => one.address)).toEqual(['вулиця Робоча, 15А']);
  });

  it('of any length and shape takes no time to speak of', async () => {
    const begin = performance.now();
    for (const hostile of ['вул. '.repeat(5000), '1-'.repeat(5000), 'а'.repeat(50_000), ' 12/'.repeat(5000)])
      await find(hostile);
    expect(performance.now() - begin).toBeLessThan(2000);
  });
});

describe('a report of Open311 with a typed address', () => {
  const report = async (address: string) => {
    const { number } = await platform.work(systemActor('test'), (work) =>
      cityActs.register(work, {
        point: null,
        building: null,
        asset: null,
        address,
        category: 'road-pothole',
        text: 'Яма',
        answers: [{ code: 'danger', values: ['no'] }],
        intakeKey: address,
        client: 'app',
        photos: [],
        mediaUrls: [],
        language: 'uk',
        reporter: { name: null, email: null, phone: null, device: null, account: null },
      }),
    );
    const { rows } = await platform.pool.query(
      `select b.address as house from cc_request r left join cc_building b on b.id = r.building where number = $1`,
      [number],
    );
    return rows[0];
  };

  it('gets its building when there is no doubt', async () =>
    expect(await report('просп. Карла Маркса, д. 10, кв. 5')).toEqual({
      house: 'проспект Дмитра Яворницького, 10',
    }));

  it.each(['Набережна 12', 'вул. Робоча 7, 3 під’їзд', 'біля річки'])(
    '«%s» stays as it came',
    async (address) => expect(await report(address)).toEqual({ house: null }),
  );
});
