import type { Names } from './categories.ts';

/** What people ask most: the answer for residents, and what the operator says and asks. Demo texts. */
export interface ArticleData {
  readonly code: string;
  readonly branch: string;
  readonly title: Names;
  readonly body: Names;
  /** The operator's script, step by step. */
  readonly script: readonly Names[];
  /** Other words by which it is looked for. */
  readonly tags: readonly string[];
}

/** A script step in both languages. */
const step = (uk: string, en: string): Names => ({ uk, en });

export const articles: readonly ArticleData[] = [
  {
    code: 'heating-season',
    branch: 'heating',
    title: { uk: 'Коли починається опалення', en: 'When heating starts' },
    body: {
      uk: 'Опалення вмикають, коли середня температура надворі три доби поспіль не перевищує 8 °C. Першими тепло отримують лікарні, школи й дитячі садки, житлові будинки – протягом двох тижнів.\n\nЯкщо сусідні будинки вже теплі, а ваш ні, подайте заявку «Немає опалення».',
      en: 'Heating starts after the outdoor average stays at or below 8 °C for three days. Hospitals, schools and kindergartens come first, houses warm up within two weeks.\n\nIf neighbouring houses are warm and yours is not, send the report “No heating”.',
    },
    script: [
      step('Чи теплі сусідні будинки?', 'Are the neighbouring houses warm?'),
      step('Чи холодно в усьому під’їзді, чи в одній квартирі?', 'Is the whole entrance cold, or one flat?'),
      step('Сусіди теплі, цей ні: прийміть заявку.', 'Neighbours are warm, this one is not: register.'),
    ],
    tags: ['опалювальний сезон', 'батареї', 'тепло', 'heating season', 'radiators'],
  },
  {
    code: 'room-temperature',
    branch: 'heating',
    title: { uk: 'Яка температура має бути в кімнаті', en: 'What the room temperature should be' },
    body: {
      uk: 'У житловій кімнаті має бути щонайменше 18 °C, у кутовій – 20 °C. Міряйте посередині кімнати, на висоті пів метра від підлоги, із зачиненими вікнами.\n\nЯкщо прохолодніше, подайте заявку: виконавець має прийти й виміряти сам.',
      en: 'At least 18 °C in a room, 20 °C in a corner one. Measure in the middle of the room, half a metre above the floor, with the windows closed.\n\nIf it is colder, send a report: the executor has to come and measure.',
    },
    script: [
      step('Попросіть виміряти посередині кімнати.', 'Ask to measure in the middle of the room.'),
      step('Кутова кімната? Скільки градусів?', 'A corner room? How many degrees?'),
      step('Менше норми: прийміть заявку.', 'Below the norm: register.'),
    ],
    tags: ['градуси', 'холодно', 'норма', 'degrees', 'cold'],
  },
  {
    code: 'heat-recalculation',
    branch: 'heating',
    title: { uk: 'Перерахунок за холодні батареї', en: 'Refund for cold radiators' },
    body: {
      uk: 'Для перерахунку потрібна заявка або акт-претензія. Виконавець має прийти протягом доби. Якщо він не прийшов, акт підписуєте ви та щонайменше двоє сусідів і надсилаєте рекомендованим листом. Рішення мають ухвалити за 5 робочих днів; мовчання означає згоду.',
      en: 'A refund needs a report or a claim act. The executor must come within a day. If nobody came, you and at least two neighbours sign the act and send it by registered letter. The decision comes in 5 working days; silence means consent.',
    },
    script: [
      step('Чи є зареєстрована заявка? Назвіть її номер.', 'Is there a registered request? Tell its number.'),
      step('Поясніть порядок акта-претензії.', 'Explain the claim act.'),
    ],
    tags: ['акт-претензія', 'повернення грошей', 'компенсація', 'refund', 'claim act'],
  },
  {
    code: 'water-shutdown',
    branch: 'water',
    title: { uk: 'Планове відключення води', en: 'Planned water shutdown' },
    body: {
      uk: 'Про планові роботи попереджають за 10 днів. Якщо води немає понад добу, виконавець організовує підвезення.\n\nЯкщо про відключення не попереджали, подайте заявку «Немає води».',
      en: 'Planned works are announced 10 days ahead. If water is off for more than a day, the executor brings it.\n\nIf nobody warned you, send the report “No water”.',
    },
    script: [
      step('Перевірте заявки будинку праворуч.', 'Check the requests of the house on the right.'),
      step('Назвіть час завершення, якщо він відомий.', 'Tell the end, if it is known.'),
      step('Не попереджали: прийміть заявку.', 'Not announced: register.'),
    ],
    tags: ['немає води', 'підвезення', 'вимкнення', 'no water'],
  },
  {
    code: 'water-brown',
    branch: 'water',
    title: { uk: 'Вода іржава', en: 'Rusty water' },
    body: {
      uk: 'Після ремонту злийте воду протягом 10–15 хвилин. Якщо колір не зник, подайте заявку «Неякісна вода» – візьмуть пробу.',
      en: 'After repairs let the water run for 10–15 minutes. If the colour stays, report “Poor water quality”: a sample will be taken.',
    },
    script: [
      step('Гаряча чи холодна? Давно?', 'Hot or cold? Since when?'),
      step('Порадьте злити 10–15 хвилин.', 'Advise to let it run for 10–15 minutes.'),
    ],
    tags: ['брудна', 'каламутна', 'запах води', 'якість', 'brown', 'quality'],
  },
  {
    code: 'gas-smell',
    branch: 'gas',
    title: { uk: 'Запах газу', en: 'Smell of gas' },
    body: {
      uk: 'Негайно телефонуйте 104. Не вмикайте й не вимикайте світло, відчиніть вікна, вийдіть з приміщення, попередьте сусідів. Телефонуйте вже надворі.',
      en: 'Call 104 at once. Touch no switches, open the windows, leave, warn the neighbours. Call from outside.',
    },
    script: [
      step('Негайно з’єднайте зі службою 104.', 'Connect to 104 at once.'),
      step('Не вмикати світло, відчинити вікна, вийти.', 'No switches, open windows, leave.'),
      step('Заявку не приймаємо.', 'We take no request.'),
    ],
    tags: ['витік газу', '104', 'газ', 'gas leak'],
  },
  {
    code: 'power-schedule',
    branch: 'power',
    title: { uk: 'Графіки погодинних відключень', en: 'Hourly power cut schedules' },
    body: {
      uk: 'Черга залежить від адреси; графік публікує оператор мереж. Якщо світла немає поза графіком, подайте заявку.',
      en: 'The queue depends on the address; the grid operator publishes the schedule. If power is off outside it, send a report.',
    },
    script: [
      step('Чи є світло в сусідів і в під’їзді?', 'Do the neighbours and the entrance have light?'),
      step('Поза графіком: прийміть заявку.', 'Outside the schedule: register.'),
    ],
    tags: ['світло', 'електрика', 'черга', 'блекаут', 'electricity', 'blackout'],
  },
  {
    code: 'lift-stuck',
    branch: 'lifts',
    title: { uk: 'Застрягли в ліфті', en: 'Trapped in a lift' },
    body: {
      uk: 'Натисніть кнопку виклику диспетчера або зателефонуйте в контакт-центр. Не намагайтеся відчинити двері самі. Майстер приїде протягом 2 годин, здебільшого – за 30 хвилин.',
      en: 'Press the call button or ring the contact centre. Do not try to open the doors. Help comes within 2 hours, mostly in 30 minutes.',
    },
    script: [
      step('Заспокойте. Адреса, під’їзд, поверх?', 'Calm the person. Address, entrance, floor?'),
      step('Скільки людей? Чи є діти, хворі?', 'How many people? Children, ill?'),
      step('Прийміть аварійну заявку, залишайтеся на зв’язку.', 'Register an emergency, stay on the line.'),
    ],
    tags: ['ліфт', 'застряг', 'не відчиняються двері', 'elevator'],
  },
  {
    code: 'waste-schedule',
    branch: 'waste',
    title: { uk: 'Графік вивезення сміття', en: 'Waste collection schedule' },
    body: {
      uk: 'Контейнери вивозять щодня, великогабаритні відходи – двічі на тиждень. Будівельні відходи вивозить власник за окремим договором.',
      en: 'Bins are emptied daily, bulky waste twice a week. Building waste is taken by the owner under a contract.',
    },
    script: [
      step('Контейнер переповнений понад добу: прийміть заявку.', 'Full for more than a day: register.'),
    ],
    tags: ['контейнер', 'відходи', 'великогабаритне', 'rubbish', 'bins'],
  },
  {
    code: 'pothole-term',
    branch: 'roads',
    title: { uk: 'Коли полагодять яму', en: 'When a pothole is fixed' },
    body: {
      uk: 'Небезпечну яму огороджують протягом доби. Звичайну ремонтують за 10 днів, якщо тепліше за 5 °C; узимку – холодною сумішшю.',
      en: 'A dangerous one is fenced within a day. Others are repaired in 10 days above 5 °C; in winter with cold mix.',
    },
    script: [step('Де саме, яка завглибшки, чи заважає руху?', 'Where exactly, how deep, is it in the way?')],
    tags: ['дорога', 'вибоїна', 'асфальт', 'road', 'asphalt'],
  },
  {
    code: 'shelter-find',
    branch: 'shelters',
    title: { uk: 'Де найближче укриття', en: 'Where the nearest shelter is' },
    body: {
      uk: 'Укриття мають бути відчинені під час тривоги. Якщо найближче зачинене, повідомте негайно: це термінова заявка.',
      en: 'Shelters must be open during alerts. If the nearest one is locked, report it at once: it is urgent.',
    },
    script: [
      step('Назвіть три найближчі за адресою.', 'Name the three nearest.'),
      step('Зачинене під час тривоги: термінова заявка.', 'Locked during an alert: an urgent request.'),
    ],
    tags: ['бомбосховище', 'тривога', 'сховище', 'shelter', 'air raid'],
  },
  {
    code: 'subsidy',
    branch: 'billing',
    title: { uk: 'Як оформити субсидію', en: 'How to apply for a housing subsidy' },
    body: {
      uk: 'Субсидію призначає Пенсійний фонд: подайте заяву й декларацію онлайн, у сервісному центрі фонду або в ЦНАП.',
      en: 'The Pension Fund grants it: apply online, in its service centre or an administrative service centre.',
    },
    script: [step('Контакт-центр заяв на субсидію не приймає.', 'We take no applications for it.')],
    tags: ['пенсійний фонд', 'пільги', 'оплата', 'benefit'],
  },
  {
    code: 'benefit-transport',
    branch: 'transport',
    title: { uk: 'Пільговий проїзд', en: 'Free travel' },
    body: {
      uk: 'Пільга діє з карткою містянина. Якщо водій відмовив, запам’ятайте маршрут, час і бортовий номер та повідомте нам.',
      en: 'It works with the resident card. If the driver refused, note the route, time and fleet number and tell us.',
    },
    script: [step('Маршрут, час, бортовий номер?', 'Route, time, fleet number?')],
    tags: ['картка містянина', 'автобус', 'тролейбус', 'пенсіонер', 'bus', 'pensioner'],
  },
  {
    code: 'stray-dogs',
    branch: 'animals',
    title: { uk: 'Безпритульні собаки', en: 'Stray dogs' },
    body: {
      uk: 'Про агресивну зграю повідомте негайно. Собака з кліпсою у вусі щеплена та стерилізована, після лікування її повертають на місце.',
      en: 'Report an aggressive pack at once. A dog with an ear tag is vaccinated and sterilised and returns to its place after treatment.',
    },
    script: [
      step('Чи напали на людину? Тоді 103 і 102.', 'Was somebody attacked? Then 103 and 102.'),
      step('Агресивну зграю реєструйте як аварійну.', 'An aggressive pack is an emergency.'),
    ],
    tags: ['пси', 'зграя', 'тварини', 'dogs'],
  },
  {
    code: 'statutory-appeal',
    branch: 'billing',
    title: { uk: 'Як подати офіційне звернення', en: 'How to send a statutory appeal' },
    body: {
      uk: 'Потрібні прізвище, ім’я, по батькові, місце проживання та суть питання. Електронний підпис не потрібен. Відповідь – протягом 15 днів, якщо не потрібне вивчення, інакше – місяця. Подати можна на цьому сайті або через оператора.',
      en: 'Your name, residence and what it is about are needed; no electronic signature. The answer comes within 15 days, or a month if study is needed. Send it on this site or through an operator.',
    },
    script: [
      step('ПІБ і місце проживання обов’язкові.', 'Name and residence are required.'),
      step('Зачитайте номер і строк відповіді.', 'Read out the number and the term.'),
    ],
    tags: ['скарга', 'заява', 'пропозиція', 'закон про звернення', 'complaint'],
  },
];
