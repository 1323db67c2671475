import type { Names } from './categories.ts';

/** What an operator answers at once, without a request. Demo texts. */
export interface ArticleData {
  readonly code: string;
  readonly branch: string;
  readonly title: Names;
  readonly body: Names;
}

const article = (code: string, branch: string, title: Names, body: Names): ArticleData => ({
  code,
  branch,
  title,
  body,
});

export const articles: readonly ArticleData[] = [
  article(
    'heating-season',
    'heating',
    { uk: 'Коли починається опалення', en: 'When heating starts' },
    {
      uk: 'Опалення вмикають, коли середня температура надворі три доби поспіль не перевищує 8 °C. У житлові будинки тепло надходить протягом двох тижнів після початку. Якщо сусідні будинки вже теплі, а ваш ні, прийміть заявку «Немає опалення».',
      en: 'Heating starts after the outdoor average stays at or below 8 °C for three days. Houses warm up within two weeks. If neighbours are warm and yours is not, register “No heating”.',
    },
  ),
  article(
    'room-temperature',
    'heating',
    { uk: 'Яка температура має бути в кімнаті', en: 'What the room temperature should be' },
    {
      uk: 'У житловій кімнаті має бути щонайменше 18 °C, у кутовій 20 °C. Попросіть заявника виміряти посередині кімнати на висоті пів метра.',
      en: 'At least 18 °C in a room, 20 °C in a corner one. Ask the caller to measure in the middle, half a metre above the floor.',
    },
  ),
  article(
    'heat-recalculation',
    'heating',
    { uk: 'Перерахунок за холодні батареї', en: 'Refund for cold radiators' },
    {
      uk: 'Для перерахунку потрібна заявка або акт-претензія. Виконавець має прийти протягом доби; якщо не прийшов, акт підписують споживач і двоє сусідів.',
      en: 'A refund needs a request or a claim act. The executor must come within a day; otherwise the consumer and two neighbours sign the act.',
    },
  ),
  article(
    'water-shutdown',
    'water',
    { uk: 'Планове відключення води', en: 'Planned water shutdown' },
    {
      uk: 'Про планові роботи попереджають за 10 днів. Перевірте список подій за адресою; підвезення води організовує виконавець, якщо води немає понад добу.',
      en: 'Planned works are announced 10 days ahead. Check the events of the address; water is brought if it is off for more than a day.',
    },
  ),
  article(
    'water-brown',
    'water',
    { uk: 'Вода іржава', en: 'Rusty water' },
    {
      uk: 'Після ремонту зливайте воду 10–15 хвилин. Якщо колір не зник, прийміть заявку «Неякісна вода».',
      en: 'After repairs let the water run for 10–15 minutes. If the colour stays, register “Poor water quality”.',
    },
  ),
  article(
    'gas-smell',
    'gas',
    { uk: 'Запах газу', en: 'Smell of gas' },
    {
      uk: 'Негайно з’єднайте зі службою 104. Не вмикати світло, відчинити вікна, вийти, попередити сусідів. Заявку контакт-центр не приймає.',
      en: 'Connect to 104 at once. No switches, open windows, leave, warn neighbours. The contact centre takes no request.',
    },
  ),
  article(
    'power-schedule',
    'power',
    { uk: 'Графіки погодинних відключень', en: 'Hourly power cut schedules' },
    {
      uk: 'Черга залежить від адреси. Якщо світла немає поза графіком, спитайте про сусідні будинки й прийміть заявку.',
      en: 'The queue depends on the address. If power is off outside the schedule, ask about neighbouring houses and register.',
    },
  ),
  article(
    'lift-stuck',
    'lifts',
    { uk: 'Застрягли в ліфті', en: 'Trapped in a lift' },
    {
      uk: 'Заспокойте людину, спитайте адресу й під’їзд, кількість людей і чи є діти або хворі. Прибуття до 2 годин, звичайно до 30 хвилин. Залишайтеся на зв’язку.',
      en: 'Calm the person, ask for the address and entrance, number of people, children or ill. Arrival within 2 hours, usually 30 minutes. Stay on the line.',
    },
  ),
  article(
    'waste-schedule',
    'waste',
    { uk: 'Графік вивезення сміття', en: 'Waste collection schedule' },
    {
      uk: 'Контейнери вивозять щодня, великогабаритне двічі на тиждень. Будівельні відходи вивозить власник за договором.',
      en: 'Bins daily, bulky waste twice a week. Building waste is taken by the owner under a contract.',
    },
  ),
  article(
    'pothole-term',
    'roads',
    { uk: 'Коли полагодять яму', en: 'When a pothole is fixed' },
    {
      uk: 'Небезпечну яму огороджують протягом доби. Звичайну ремонтують за 10 днів за температури вище 5 °C; узимку холодною сумішшю.',
      en: 'A dangerous one is fenced within a day. Others are repaired in 10 days above 5 °C; in winter with cold mix.',
    },
  ),
  article(
    'shelter-find',
    'shelters',
    { uk: 'Де найближче укриття', en: 'Where the nearest shelter is' },
    {
      uk: 'Назвіть три найближчі за адресою. Під час тривоги укриття мають бути відчинені; зачинене реєструйте як термінове.',
      en: 'Name the three nearest. They must be open during alerts; a locked one is urgent.',
    },
  ),
  article(
    'subsidy',
    'billing',
    { uk: 'Як оформити субсидію', en: 'How to apply for a housing subsidy' },
    {
      uk: 'Субсидію призначає Пенсійний фонд: заява й декларація онлайн, у сервісному центрі або в ЦНАП. Контакт-центр заяв не приймає.',
      en: 'The Pension Fund grants it: apply online, in its service centre or an administrative service centre.',
    },
  ),
  article(
    'benefit-transport',
    'transport',
    { uk: 'Пільговий проїзд', en: 'Free travel' },
    {
      uk: 'Пільга діє з карткою містянина. Якщо водій відмовив, запишіть маршрут, час і бортовий номер.',
      en: 'It works with the resident card. If the driver refused, note the route, time and fleet number.',
    },
  ),
  article(
    'stray-dogs',
    'animals',
    { uk: 'Безпритульні собаки', en: 'Stray dogs' },
    {
      uk: 'Агресивну зграю реєструйте як аварійну. Після стерилізації тварину повертають на місце з кліпсою у вусі.',
      en: 'An aggressive pack is an emergency. After sterilisation animals return with an ear tag.',
    },
  ),
  article(
    'statutory-appeal',
    'billing',
    { uk: 'Як подати офіційне звернення', en: 'How to send a statutory appeal' },
    {
      uk: 'Потрібні прізвище, ім’я, місце проживання та суть. Строк відповіді до 15 днів, якщо не потрібне вивчення, інакше місяць.',
      en: 'Name, residence and essence are needed. The answer comes within 15 days, or a month if study is needed.',
    },
  ),
];
