import { describe, expect, test } from 'vitest';
import { hidden, mask, publicPlace } from './publication.ts';

const gone = (secret: string) => {
  const shown = mask(`Прошу зв’язатися: ${secret} , дякую`);
  expect(shown, secret).toBe(`Прошу зв’язатися: ${hidden} , дякую`);
};
const stays = (text: string) => expect(mask(text)).toBe(text);

describe('what is taken out', () => {
  test.each([
    '0671234567',
    '067 123 45 67',
    '(067) 123-45-67',
    '067-123-4567',
    '8 (067) 123 45 67',
    '80671234567',
    '+380671234567',
    '+38 (067) 123-45-67',
    '+38-067-123-45-67',
    '380 67 123 45 67',
    '00380671234567',
    '06.71.23.45.67',
    '056 744-12-12',
    '744-12-12',
    '+48 501 234 567',
    '0​67​1234567',
    '０６７１２３４５６７',
  ])('telephone %s', gone);

  test.each(['ivan.petrenko@gmail.com', 'іван@пошта.укр', 'a+b_c@mail.example.com.ua'])('e-mail %s', gone);

  test.each([
    '4111 1111 1111 1111',
    '5168-7573-0000-0009',
    '4111111111111111',
    'UA213223130000026007233566001',
  ])('card or account %s', gone);

  test('a card is found beside other numbers', () => {
    expect(mask('будинок 12 4111 1111 1111 1111')).not.toContain('1111');
  });

  test.each(['3184710691', 'АЕ123456', 'АЕ 123456', 'КМ №654321', 'FA123456', '19900101-01234'])(
    'tax number or passport %s',
    gone,
  );

  test('nine digits after the word passport', () => {
    expect(mask('паспорт № 001234567 виданий')).toBe(`паспорт № ${hidden} виданий`);
    expect(mask('ID-картка: 001234567')).toBe(`ID-картка: ${hidden}`);
    stays('показник 001234567');
  });

  test.each(['АА1234ВВ', 'АЕ 1234 ВІ', 'AE1234BI', 'KA-1234-MX', 'ае1234ві'])('number plate %s', gone);

  test.each([
    ['кв. 12', `кв. ${hidden}`],
    ['кв.12а протікає', `кв.${hidden} протікає`],
    ['квартира 12', `квартира ${hidden}`],
    ['у квартирі № 145 холодно', `у квартирі № ${hidden} холодно`],
    ['кв. 12, 14 і 15', `кв. ${hidden}`],
    ['у 45-й квартирі', `у ${hidden} квартирі`],
    ['у 45 квартирі', `у ${hidden} квартирі`],
    ['вул. Робоча, 12, кв. 5, 3 поверх', `вул. Робоча, 12, кв. ${hidden}, 3 поверх`],
    ['flat 7', `flat ${hidden}`],
  ])('flat: %s', (text, shown) => expect(mask(text)).toBe(shown));

  test.each([
    'Іваненко Іван Петрович',
    'ІВАНЕНКО ІВАН ПЕТРОВИЧ',
    'Олена Петрівна Коваль',
    'Коваль Олені Петрівні',
    'Іваненка Івана Петровича',
    'Іваненко І. П.',
    'І.П. Іваненко',
    'Олена Коваль',
    'Нечуй-Левицький Іван',
    'Коваль Марія Іллівна',
    'Ілля Ілліч',
    'коваленко іван петрович',
    'Иванова Татьяна Сергеевна',
    'Онисим Гайдук',
    'Ядвіга Сірко',
    'Мар’яна Дубова',
    'Дубова Мар’яна',
    'Явтух Калиногай',
  ])('full name %s', gone);

  test.each([
    ['звернувся пан Іваненко ', `звернувся пан ${hidden} `],
    ['сказала пані Олена Коваль', `сказала пані ${hidden}`],
    ['гр. Сидоренко не відчиняє', `гр. ${hidden} не відчиняє`],
    ['Мене звати Зоряниця Дубова, чекаю', `Мене звати ${hidden}, чекаю`],
    ['передав Іван Петренко, 0671234567', `передав ${hidden}, ${hidden}`],
    ['викликайте Володимира Петровича до нас', `викликайте ${hidden} до нас`],
    ['сусідка Олександра Лобода', `сусідка ${hidden}`],
    ['від Івана Петренка', `від ${hidden}`],
    ['передайте Галині Кульбабенко, що', `передайте ${hidden}, що`],
    ['дзвонили Олені Коваленко', `дзвонили ${hidden}`],
    ['віддали ключі Петрові Дзвіночку', `віддали ключі ${hidden}`],
    ['домовлялися з Оленою Калиногай', `домовлялися з ${hidden}`],
    ['Провалля біля зупинки, Марія Коваленко', `Провалля біля зупинки, ${hidden}`],
    ['Провалля біля зупинки. Марія Коваленко', `Провалля біля зупинки. ${hidden}`],
    ['Яма біля скверу, Іван Сірко', `Яма біля скверу, ${hidden}`],
    ['Яма навпроти школи Марія Коваленко', `Яма навпроти школи ${hidden}`],
    ['Mr Smith lives here', `Mr ${hidden} lives here`],
  ])('name: %s', (text, shown) => expect(mask(text)).toBe(shown));
});

describe('what stays', () => {
  test.each([
    'Будинок 12, під’їзд 3, поверх 5',
    'на розі Олени Теліги й Лесі Українки',
    'яма на вулиці Івана Мазепи',
    'вулиця Робоча, 12/45',
    'буд. 145-А, корпус 2',
    'з 21.08.2026 до 01.09.2026, о 14:30',
    '05.12.2026 10:30 зникла вода',
    '2026-11-24',
    'працює 08.00-12.00 13.00-17.00',
    'тривога з 08:00 до 12:00',
    'телефон 104, контакт-центр 1545',
    'тариф 1654,41 грн за Гкал',
    '50 кв. м, 12 кв.м',
    'у III кв. 2026 року',
    'затопило 24 квартири, холодно в 120 квартирах',
    'вул. Т. Шевченка, 5',
    'вулиця Івана Петровича Котляревського',
    'проспект Олександра Поля, 50',
    'просп., Олександра Поля',
    'біля зупинки Олександра Поля',
    'зупинка «Івана Сірка»',
    'на Олеся Гончара біля магазину',
    'вул. Богдана Хмельницького',
    'Богдана Хмельницького',
    'яма на Пилипа Орлика, 5',
    'вул. Марка Вовчка, ріг Гната Хоткевича',
    'НА РОЗІ ОЛЕНИ ТЕЛІГИ',
    'Дані Дніпра на сайті міста',
    'яма на Володимира Антоновича, 5',
    'На Володимира Антоновича, 5 яма',
    'біля будинку Володимира Антоновича 7',
    'у квартирі 14 градусів, третю добу',
    'у квартирі 3 дні немає води',
    'Чечелівський район, парк Тараса Шевченка',
    'дорога Рівна, сквер Прибережний',
    'маршрут 146, борт 2041',
    'Добрий День! Прошу Допомоги',
    'громадяни України',
    '',
  ])('%s', stays);

  test('a number of a request stays however it is written', () => {
    for (const number of ['26-4837-2915-3', '26483729153', '26 4837 2915 3'])
      stays(`звернення ${number} закрили`);
  });
});

test('brackets around a number stay closed', () => {
  expect(mask('дзвоніть (0671234567)')).toBe(`дзвоніть (${hidden})`);
});

test('masking what is masked changes nothing', () => {
  const once = mask('Іваненко Іван Петрович, кв. 12, 0671234567, a@b.ua, 4111 1111 1111 1111, АА1234ВВ');
  expect(mask(once)).toBe(once);
});

test('hostile texts take work in step with their length', { timeout: 60_000 }, () => {
  const pieces = [
    '0',
    '1-',
    '0 ',
    '+',
    '+3',
    'a',
    'a.',
    'a@',
    '@',
    'a@a.',
    '@a-',
    'кв. 1, ',
    'кв ',
    'паспорт ',
    'паспорт',
    'Іван ',
    'І.',
    'І. ',
    'Ів',
    'А1',
    'АА1',
    '4111 ',
    '26-4837-2915-3 ',
    '01.01.',
    '1.1.26.',
    'пан ',
    ' ',
    '\n',
    '-',
    'UA1',
    'тел. ',
    'тел',
    '9',
    '12 квартир',
    'Ivan-',
    '’',
    '(',
    '12:00-',
  ];
  // What this thread has worked, in microseconds: however long it had to wait for a busy machine.
  const worked = () => {
    const { user, system } = process.threadCpuUsage();
    return user + system;
  };
  const workOf = (text: string) => {
    const before = worked();
    mask(text);
    return worked() - before;
  };
  for (const piece of pieces) {
    const small = piece.repeat(Math.ceil(8_000 / piece.length));
    const least = Math.min(workOf(small), workOf(small));
    const large = small.repeat(8);
    // Quadratic work would be 64 times as much, linear 8.
    expect(Math.min(workOf(large), workOf(large)), piece).toBeLessThan(Math.max(least, 3_000) * 24);
  }
});

describe('a place in public', () => {
  const place = {
    lat: 48.464_512,
    lon: 35.046_178,
    address: 'вулиця Робоча, 12, кв. 5',
    street: 'вулиця Робоча',
  };
  test('exact: the point and the address without the flat', () => {
    expect(publicPlace('exact', place)).toEqual({
      lat: 48.464_512,
      lon: 35.046_178,
      address: `вулиця Робоча, 12, кв. ${hidden}`,
    });
  });
  test('building: the house, and not where somebody stood', () => {
    expect(publicPlace('building', place)).toMatchObject({ lat: 48.4645, lon: 35.0462 });
  });
  test('street: no house can be told', () => {
    expect(publicPlace('street', place)).toEqual({ lat: 48.465, lon: 35.045, address: 'вулиця Робоча' });
    expect(publicPlace('street', { ...place, street: null }).address).toBe('вулиця Робоча');
    expect(publicPlace('street', { ...place, street: null, address: 'біля Івана, 5' }).address).toBeNull();
  });
  test('none, and no point', () => {
    expect(publicPlace('none', place)).toEqual({ lat: null, lon: null, address: null });
    expect(publicPlace('exact', { lat: null, lon: null, address: null, street: null })).toEqual({
      lat: null,
      lon: null,
      address: null,
    });
  });
});
