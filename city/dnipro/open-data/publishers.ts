/** An invented unit of the city council that publishes data; the names only sound like real ones, the codes are of no one. */
export interface PublisherData {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly edrpou: string;
  /** Whether its datasets wait for the officer's yes. */
  readonly publish_mode: 'direct' | 'review';
  /** Who answers for its data: an invented person in a post. */
  readonly officer: { readonly login: string; readonly name: string; readonly post: string };
}

/** КАТОТТГ of Dnipro. */
export const katottg = 'UA12020010010037010';

/** A code of eight digits with a right check digit, from a range in which none is given out (they begin with 9). */
export function demoCode(n: number): string {
  const digits = `9${String(n).padStart(6, '0')}`;
  const sum = (more: number) =>
    [...digits].reduce((all, digit, at) => all + (at + 1 + more) * Number(digit), 0) % 11;
  const first = sum(0);
  return digits + (first < 10 ? first : sum(2) % 10);
}

const rows: readonly (readonly [name: string, title: string, description: string, officer: string])[] = [
  [
    'transport',
    'Департамент транспорту',
    'Маршрути, розклади та рухомий склад міського транспорту',
    'Тарас Лугодар',
  ],
  ['osvita', 'Департамент освіти', 'Школи, дитячі садки та території обслуговування', 'Олена Яворинець'],
  ['dovkillia', 'Департамент екології', 'Повітря, вода, зелені насадження та відходи', 'Богдан Зоретрав'],
  ['budzhet', 'Департамент фінансів', 'Бюджет міста та його виконання', 'Галина Криницюк'],
  [
    'tsyfra',
    'Департамент цифрової трансформації',
    'Реєстр наборів даних і доступ до публічної інформації',
    'Юлія Степовід',
  ],
  ['maino', 'Департамент комунальної власності', 'Майно, земля та оренда', 'Павло Калиногай'],
  [
    'zhkh',
    'Департамент житлово-комунального господарства',
    'Тарифи, споживання, укриття та майданчики',
    'Наталія Сонцевій',
  ],
  ['blahoustrii', 'Департамент благоустрою', 'Дозволи, ярмарки, реклама та торгівля', 'Андрій Дзвіночко'],
  [
    'mistobuduvannia',
    'Департамент містобудування',
    'Адреси, паспорти забудови та інвестиції',
    'Ірина Вербицвіт',
  ],
  ['zdorovia', 'Департамент охорони здоров’я', 'Ліки, обладнання та заклади', 'Сергій Тополенчук'],
  ['kultura', 'Департамент культури та спорту', 'Бібліотеки, події, парки', 'Оксана Лугодар'],
  ['rada', 'Секретаріат міської ради', 'Рішення, голосування, депутати, петиції', 'Микола Яворинець'],
];

export const publishers: readonly PublisherData[] = rows.map(([name, title, description, officer], n) => ({
  name,
  title: `${title} (демо)`,
  description,
  edrpou: demoCode(100 + n),
  publish_mode: name === 'rada' ? 'review' : 'direct',
  officer: {
    login: `data-${name}`,
    name: officer,
    post: `Відповідальна особа за дані: ${title}`,
  },
}));

/** The unit in which the demo's publisher works. */
export const demoPublisher = 'transport';

export function publisherCalled(name: string): PublisherData {
  return publishers.find((one) => one.name === name)!;
}
