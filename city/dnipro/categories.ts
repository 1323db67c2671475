/** Two languages, Ukrainian first. */
export interface Names {
  readonly uk: string;
  readonly en: string;
}

export type UrgencyClass = 'urgent' | 'emergency' | 'ordinary' | 'question';

export interface BranchData {
  /** NN of the tree. */
  readonly number: string;
  readonly code: string;
  readonly names: Names;
}

export interface LeafOptions {
  readonly description?: Names;
  /** GeoReport type: an immediate number, a token first, or neither. */
  readonly type?: 'realtime' | 'batch' | 'blackbox';
  readonly questions?: readonly string[];
  readonly evidence?: 'none' | 'after' | 'before+after';
  /** Hours in which reporters may judge the result; by class where absent. */
  readonly windowHours?: number;
  readonly needs?: readonly ('place' | 'building' | 'asset' | 'flat')[];
  readonly visibility?: 'public' | 'moderated' | 'private';
  readonly precision?: 'exact' | 'building' | 'street' | 'none';
  /** Requests of one group at one place may be one outage. */
  readonly group?: string;
  /** Metres within which a similar request may be the same one. */
  readonly radius?: number;
  readonly fixDays?: number;
  readonly notice?: Names;
  /** Shown instead of the form. */
  readonly stopper?: Names;
  /** Not the city's: whom to ask. */
  readonly competence?: Names;
  /** An appeal under the law, not a service request. */
  readonly regime?: 'statutory';
}

export interface LeafData extends LeafOptions {
  readonly number: string;
  readonly code: string;
  readonly branch: string;
  readonly names: Names;
  readonly keywords: readonly string[];
  readonly class: UrgencyClass;
}

export const branches: readonly BranchData[] = [
  { number: '01', code: 'heating', names: { uk: 'Опалення', en: 'Heating' } },
  { number: '02', code: 'water', names: { uk: 'Вода та каналізація', en: 'Water and sewerage' } },
  { number: '03', code: 'power', names: { uk: 'Електропостачання', en: 'Electricity' } },
  { number: '04', code: 'gas', names: { uk: 'Газ', en: 'Gas' } },
  { number: '05', code: 'lifts', names: { uk: 'Ліфти', en: 'Lifts' } },
  { number: '06', code: 'house', names: { uk: 'Будинок', en: 'House' } },
  { number: '07', code: 'waste', names: { uk: 'Відходи', en: 'Waste' } },
  { number: '08', code: 'roads', names: { uk: 'Дороги й тротуари', en: 'Roads and pavements' } },
  { number: '09', code: 'lighting', names: { uk: 'Освітлення', en: 'Lighting' } },
  { number: '10', code: 'transport', names: { uk: 'Транспорт', en: 'Transport' } },
  { number: '11', code: 'trees', names: { uk: 'Зелені насадження', en: 'Trees and parks' } },
  { number: '12', code: 'animals', names: { uk: 'Тварини', en: 'Animals' } },
  { number: '13', code: 'snow', names: { uk: 'Сніг та ожеледиця', en: 'Snow and ice' } },
  { number: '14', code: 'shelters', names: { uk: 'Укриття', en: 'Shelters' } },
  { number: '15', code: 'access', names: { uk: 'Доступність', en: 'Accessibility' } },
  { number: '16', code: 'noise', names: { uk: 'Шум і благоустрій', en: 'Noise and public order' } },
  { number: '17', code: 'billing', names: { uk: 'Рахунки й тарифи', en: 'Bills and tariffs' } },
  { number: '18', code: 'appeals', names: { uk: 'Звернення громадян', en: 'Citizens’ appeals' } },
];

const counts = new Map<string, number>();

/** One leaf; its NN.NN follows from its place in the list. */
const leaf = (
  branch: string,
  code: string,
  uk: string,
  en: string,
  urgency: UrgencyClass,
  keywords: string,
  options: LeafOptions = {},
): LeafData => {
  const position = (counts.get(branch) ?? 0) + 1;
  counts.set(branch, position);
  const top = branches.find((candidate) => candidate.code === branch)!.number;
  return {
    number: `${top}.${String(position).padStart(2, '0')}`,
    code,
    branch,
    names: { uk, en },
    keywords: keywords.split(' '),
    class: urgency,
    ...options,
  };
};

const call104: Names = {
  uk: 'Відчуваєте запах газу? Не вмикайте світло, відчиніть вікна, вийдіть надвір і телефонуйте 104. Ця форма не замінює аварійну службу.',
  en: 'Do you smell gas? Do not switch on the light, open the windows, go outside and call 104. This form does not replace the emergency service.',
};
const house = { needs: ['building'], precision: 'building' } as const;
const flat = { needs: ['building', 'flat'], precision: 'building' } as const;

export const categories: readonly LeafData[] = [
  leaf(
    'heating',
    'heat-none',
    'Немає опалення',
    'No heating',
    'emergency',
    'тепло батареї холодні опалення мерзнемо',
    { ...house, group: 'heat', radius: 250, questions: ['scope', 'since'] },
  ),
  leaf(
    'heating',
    'heat-weak',
    'Слабке опалення',
    'Weak heating',
    'ordinary',
    'ледь теплі батареї прохолодно температура',
    { ...flat, group: 'heat', questions: ['scope', 'temperature'] },
  ),
  leaf(
    'heating',
    'heat-leak',
    'Протікає батарея чи труба опалення',
    'Heating pipe leaks',
    'urgent',
    'прорвало батарею окріп тече стояк опалення',
    { ...flat, evidence: 'after', questions: ['damage'] },
  ),
  leaf(
    'heating',
    'hot-water-none',
    'Немає гарячої води',
    'No hot water',
    'emergency',
    'гаряча вода бойлер холодна з гарячого крана',
    { ...house, group: 'hot-water', questions: ['scope', 'since'] },
  ),
  leaf(
    'heating',
    'heat-main-steam',
    'Парує теплотраса',
    'Heating main steaming',
    'emergency',
    'пара теплотраса прорив окріп на дорозі',
    { evidence: 'before+after', group: 'heat', precision: 'exact' },
  ),

  leaf(
    'water',
    'water-none',
    'Немає холодної води',
    'No cold water',
    'emergency',
    'вода кран сухо водопостачання відключили',
    { ...house, group: 'water', questions: ['scope', 'since'] },
  ),
  leaf(
    'water',
    'water-pressure',
    'Слабкий тиск води',
    'Low water pressure',
    'ordinary',
    'тиск слабо тече вода поверх',
    { ...house, group: 'water', questions: ['scope'] },
  ),
  leaf(
    'water',
    'water-quality',
    'Неякісна вода',
    'Poor water quality',
    'emergency',
    'іржава каламутна запах вода якість',
    { ...house, group: 'water-quality', questions: ['waterLook'] },
  ),
  leaf(
    'water',
    'water-burst',
    'Прорив водогону',
    'Burst water main',
    'urgent',
    'прорвало труба фонтан вода тече дорогою',
    { evidence: 'before+after', group: 'water', precision: 'exact', questions: ['damage'] },
  ),
  leaf(
    'water',
    'sewer-blocked',
    'Забита каналізація',
    'Blocked sewer',
    'emergency',
    'каналізація стоки затопило підвал запах забита',
    { ...house, evidence: 'after', questions: ['damage'] },
  ),
  leaf(
    'water',
    'manhole-open',
    'Відкритий люк',
    'Open manhole',
    'urgent',
    'люк кришка колодязь відкритий яма небезпечно',
    { evidence: 'before+after', precision: 'exact', radius: 50 },
  ),

  leaf(
    'power',
    'power-none',
    'Немає електрики в будинку',
    'No electricity in the house',
    'emergency',
    'світло електрика зникла вимкнули немає струму',
    { ...house, group: 'power', questions: ['scope', 'since'] },
  ),
  leaf(
    'power',
    'power-voltage',
    'Стрибки напруги',
    'Voltage swings',
    'ordinary',
    'напруга стрибає блимає низька',
    { ...house, group: 'power' },
  ),
  leaf(
    'power',
    'power-wire',
    'Обірваний провід',
    'Fallen wire',
    'urgent',
    'провід обірвало іскрить кабель лежить',
    {
      evidence: 'before+after',
      precision: 'exact',
      notice: { uk: 'Не підходьте ближче ніж на 8 метрів.', en: 'Keep at least 8 metres away.' },
    },
  ),
  leaf(
    'power',
    'power-panel',
    'Пошкоджений електрощит',
    'Damaged switchboard',
    'emergency',
    'щиток щит іскрить під’їзд електрощит',
    { ...house, evidence: 'after' },
  ),

  leaf('gas', 'gas-smell', 'Запах газу', 'Smell of gas', 'urgent', 'газ запах тхне витік', {
    ...house,
    visibility: 'private',
    stopper: call104,
  }),
  leaf('gas', 'gas-none', 'Немає газу', 'No gas supply', 'emergency', 'газ зник відключили плита не горить', {
    ...house,
    group: 'gas',
  }),
  leaf(
    'gas',
    'gas-vent',
    'Немає тяги у вентиляції',
    'No draught in the flue',
    'emergency',
    'тяга димохід вентиляція чад',
    { ...flat, visibility: 'private' },
  ),

  leaf(
    'lifts',
    'lift-stuck',
    'Люди застрягли в ліфті',
    'People trapped in a lift',
    'urgent',
    'застряг ліфт люди в кабіні допомога',
    { ...house, radius: 30 },
  ),
  leaf(
    'lifts',
    'lift-stopped',
    'Ліфт не працює',
    'Lift out of order',
    'emergency',
    'ліфт не працює зупинився стоїть',
    { ...house, group: 'lift', radius: 40, questions: ['entrance'] },
  ),
  leaf(
    'lifts',
    'lift-fault',
    'Несправність ліфта',
    'Faulty lift',
    'ordinary',
    'ліфт скрипить двері кнопка не світиться',
    { ...house, questions: ['entrance'] },
  ),

  leaf(
    'house',
    'roof-leak',
    'Протікає дах',
    'Leaking roof',
    'emergency',
    'дах протікає стеля крапає покрівля',
    { ...flat, evidence: 'before+after', fixDays: 10 },
  ),
  leaf(
    'house',
    'entrance-dirty',
    'Не прибрано в під’їзді',
    'Dirty entrance',
    'ordinary',
    'під’їзд брудно не прибирають сходи',
    { ...house, evidence: 'after', type: 'batch' },
  ),
  leaf(
    'house',
    'entrance-door',
    'Несправні двері чи домофон',
    'Broken entrance door',
    'ordinary',
    'двері домофон замок під’їзд доводчик',
    { ...house, evidence: 'after' },
  ),
  leaf(
    'house',
    'basement-flood',
    'Затоплений підвал',
    'Flooded basement',
    'emergency',
    'підвал вода затопило сирість',
    { ...house, evidence: 'before+after' },
  ),
  leaf(
    'house',
    'facade-danger',
    'Обсипається фасад чи балкон',
    'Crumbling façade or balcony',
    'emergency',
    'фасад балкон обсипається штукатурка падає',
    { ...house, evidence: 'before+after', questions: ['danger'] },
  ),
  leaf(
    'house',
    'windows-damaged',
    'Пошкоджені вікна у під’їзді',
    'Damaged entrance windows',
    'ordinary',
    'вікна скло розбите вибите під’їзд',
    { ...house, evidence: 'after' },
  ),

  leaf(
    'waste',
    'waste-overflow',
    'Переповнені контейнери',
    'Overflowing bins',
    'ordinary',
    'сміття контейнер бак переповнений не вивезли',
    { evidence: 'before+after', group: 'waste', radius: 80, fixDays: 2 },
  ),
  leaf(
    'waste',
    'waste-dump',
    'Стихійне звалище',
    'Illegal dump',
    'ordinary',
    'звалище сміття купа будівельне відходи',
    { evidence: 'before+after', precision: 'exact', type: 'batch' },
  ),
  leaf(
    'waste',
    'waste-bulky',
    'Великогабаритні відходи',
    'Bulky waste',
    'ordinary',
    'меблі диван великогабарит вивезти',
    { evidence: 'after', type: 'batch' },
  ),
  leaf(
    'waste',
    'waste-bin-broken',
    'Пошкоджений контейнер чи урна',
    'Broken bin',
    'ordinary',
    'урна бак зламаний кришка контейнер',
    { evidence: 'after', radius: 40 },
  ),

  leaf('roads', 'road-pothole', 'Яма на дорозі', 'Pothole', 'ordinary', 'яма вибоїна дорога асфальт колесо', {
    evidence: 'before+after',
    precision: 'exact',
    radius: 60,
    fixDays: 10,
    questions: ['potholeSize', 'danger'],
  }),
  leaf(
    'roads',
    'road-collapse',
    'Провал дорожнього покриття',
    'Road collapse',
    'urgent',
    'провал провалилась дорога просів асфальт',
    { evidence: 'before+after', precision: 'exact', radius: 60 },
  ),
  leaf(
    'roads',
    'pavement-broken',
    'Розбитий тротуар',
    'Broken pavement',
    'ordinary',
    'тротуар плитка розбита бордюр',
    { evidence: 'before+after', precision: 'exact', type: 'batch', fixDays: 14 },
  ),
  leaf(
    'roads',
    'traffic-light',
    'Не працює світлофор',
    'Traffic light out',
    'emergency',
    'світлофор не працює блимає перехрестя',
    { evidence: 'after', precision: 'exact', radius: 60 },
  ),
  leaf(
    'roads',
    'road-sign',
    'Пошкоджений дорожній знак',
    'Damaged road sign',
    'ordinary',
    'знак дорожній впав погнутий розмітка',
    { evidence: 'before+after', precision: 'exact' },
  ),
  leaf(
    'roads',
    'storm-drain',
    'Забита зливова каналізація',
    'Blocked storm drain',
    'ordinary',
    'зливова решітка калюжа затоплює дощ',
    { evidence: 'after', precision: 'exact' },
  ),

  leaf(
    'lighting',
    'street-light',
    'Не горить ліхтар',
    'Street light out',
    'ordinary',
    'ліхтар темно не світить лампа вулиця',
    {
      needs: ['place', 'asset'],
      evidence: 'after',
      precision: 'exact',
      group: 'street-light',
      radius: 80,
      questions: ['lampCount'],
    },
  ),
  leaf(
    'lighting',
    'street-dark',
    'Немає освітлення на вулиці',
    'Whole street dark',
    'emergency',
    'темно вулиця освітлення вся не горить',
    { evidence: 'after', precision: 'street', group: 'street-light' },
  ),
  leaf(
    'lighting',
    'light-pole',
    'Пошкоджена опора',
    'Damaged pole',
    'emergency',
    'опора стовп нахилився впав',
    { needs: ['place', 'asset'], evidence: 'before+after', precision: 'exact' },
  ),
  leaf(
    'lighting',
    'yard-light',
    'Немає світла у дворі чи під’їзді',
    'No light in yard or entrance',
    'ordinary',
    'двір під’їзд лампочка темно',
    { ...house, evidence: 'after' },
  ),

  leaf(
    'transport',
    'transport-schedule',
    'Порушення розкладу',
    'Late or missing service',
    'ordinary',
    'тролейбус трамвай автобус маршрут розклад чекаємо',
    { precision: 'street', questions: ['route'], type: 'batch' },
  ),
  leaf(
    'transport',
    'stop-damaged',
    'Пошкоджена зупинка',
    'Damaged stop',
    'ordinary',
    'зупинка павільйон лавка скло',
    { needs: ['place', 'asset'], evidence: 'before+after', precision: 'exact' },
  ),
  leaf(
    'transport',
    'transport-driver',
    'Скарга на водія',
    'Complaint about a driver',
    'ordinary',
    'водій грубий пільги не зупинився',
    { visibility: 'private', questions: ['route', 'vehicle'] },
  ),
  leaf(
    'transport',
    'tram-track',
    'Несправна трамвайна колія',
    'Faulty tram track',
    'emergency',
    'колія рейки трамвай переїзд',
    { evidence: 'before+after', precision: 'exact' },
  ),

  leaf(
    'trees',
    'tree-fallen',
    'Впало дерево чи гілка',
    'Fallen tree or branch',
    'urgent',
    'дерево впало гілка на дорозі авто',
    { evidence: 'before+after', precision: 'exact', radius: 60, questions: ['danger'] },
  ),
  leaf(
    'trees',
    'tree-dead',
    'Сухе або аварійне дерево',
    'Dead or dangerous tree',
    'ordinary',
    'дерево сухе аварійне нахилене',
    { evidence: 'before+after', precision: 'exact', fixDays: 14 },
  ),
  leaf(
    'trees',
    'grass-uncut',
    'Не скошена трава',
    'Uncut grass',
    'ordinary',
    'трава бур’ян амброзія косити',
    { evidence: 'after', type: 'batch' },
  ),
  leaf(
    'trees',
    'playground-broken',
    'Зламаний дитячий майданчик',
    'Broken playground',
    'ordinary',
    'дитячий майданчик гойдалка гірка зламана',
    { evidence: 'before+after', precision: 'exact', questions: ['danger'] },
  ),

  leaf(
    'animals',
    'animal-dangerous',
    'Агресивні тварини',
    'Aggressive animals',
    'emergency',
    'собаки зграя кусають агресивні безпритульні',
    { precision: 'street', questions: ['animalCount'] },
  ),
  leaf(
    'animals',
    'animal-dead',
    'Мертва тварина',
    'Dead animal',
    'ordinary',
    'мертва тварина збили прибрати',
    { evidence: 'after', precision: 'exact', fixDays: 1 },
  ),
  leaf(
    'animals',
    'animal-sterilise',
    'Стерилізація безпритульних',
    'Sterilise strays',
    'ordinary',
    'безпритульні собаки коти стерилізація відлов',
    { precision: 'street', type: 'batch', fixDays: 30 },
  ),

  leaf(
    'snow',
    'snow-road',
    'Не розчищена дорога',
    'Road not cleared',
    'emergency',
    'сніг дорога не чистять замет',
    { evidence: 'after', precision: 'street', group: 'snow-road', radius: 200 },
  ),
  leaf(
    'snow',
    'snow-pavement',
    'Слизький тротуар',
    'Icy pavement',
    'ordinary',
    'слизько ожеледь тротуар посипати лід',
    { evidence: 'after', precision: 'exact', radius: 120, fixDays: 1 },
  ),
  leaf('snow', 'icicles', 'Бурульки на даху', 'Icicles on a roof', 'emergency', 'бурульки лід дах падає', {
    ...house,
    evidence: 'before+after',
  }),

  leaf(
    'shelters',
    'shelter-closed',
    'Укриття зачинене',
    'Shelter locked',
    'urgent',
    'укриття зачинене тривога замок не пускають',
    {
      evidence: 'after',
      radius: 60,
      notice: {
        uk: 'Під час тривоги скористайтеся найближчим відкритим укриттям.',
        en: 'During an alert use the nearest open shelter.',
      },
    },
  ),
  leaf(
    'shelters',
    'shelter-condition',
    'Поганий стан укриття',
    'Shelter in poor condition',
    'ordinary',
    'укриття вода брудно немає світла сидіння',
    { evidence: 'before+after' },
  ),
  leaf(
    'shelters',
    'shelter-sign',
    'Немає вказівника укриття',
    'No sign to a shelter',
    'ordinary',
    'вказівник табличка укриття не видно',
    { evidence: 'after', type: 'batch' },
  ),

  leaf(
    'access',
    'ramp-missing',
    'Немає пандуса',
    'Missing ramp',
    'ordinary',
    'пандус візок сходи доступ безбар’єрність',
    { evidence: 'before+after', fixDays: 30, questions: ['accessNeed'] },
  ),
  leaf(
    'access',
    'kerb-high',
    'Високий бордюр на переході',
    'High kerb at a crossing',
    'ordinary',
    'бордюр перехід візок пониження',
    { evidence: 'before+after', precision: 'exact', fixDays: 30 },
  ),
  leaf(
    'access',
    'sound-signal',
    'Немає звукового сигналу світлофора',
    'No sound signal at a crossing',
    'ordinary',
    'звуковий сигнал світлофор незрячі тактильна',
    { evidence: 'after', precision: 'exact', fixDays: 30 },
  ),

  leaf('noise', 'noise-night', 'Шум уночі', 'Noise at night', 'ordinary', 'шум музика ніч тиша сусіди', {
    visibility: 'moderated',
    precision: 'street',
  }),
  leaf(
    'noise',
    'noise-construction',
    'Шум будівництва',
    'Construction noise',
    'ordinary',
    'будівництво шум вихідні перфоратор',
    { precision: 'street' },
  ),
  leaf(
    'noise',
    'kiosk-illegal',
    'Незаконна торгівля чи МАФ',
    'Illegal kiosk or trade',
    'ordinary',
    'кіоск маф торгівля стихійна незаконно',
    { evidence: 'after', type: 'batch' },
  ),
  leaf(
    'noise',
    'parking-lawn',
    'Авто на газоні',
    'Car parked on a lawn',
    'ordinary',
    'паркування газон авто тротуар евакуатор',
    { evidence: 'after', precision: 'street', visibility: 'moderated' },
  ),
  leaf(
    'noise',
    'crime',
    'Крадіжка, бійка, хуліганство',
    'Theft, fight, hooliganism',
    'question',
    'крадіжка бійка хуліганство напад поліція злочин',
    {
      precision: 'none',
      competence: {
        uk: 'Це справа Національної поліції. Зателефонуйте 102.',
        en: 'This is a matter for the National Police. Call 102.',
      },
    },
  ),

  leaf(
    'billing',
    'pension',
    'Пенсії та соціальні виплати',
    'Pensions and social payments',
    'question',
    'пенсія виплати соціальні допомога перерахунок пенсії',
    {
      precision: 'none',
      competence: {
        uk: 'Пенсії та субсидії призначає Пенсійний фонд України. Зверніться до його сервісного центру або на вебпортал фонду.',
        en: 'Pensions and subsidies are granted by the Pension Fund of Ukraine. Ask its service centre or web portal.',
      },
    },
  ),
  leaf(
    'billing',
    'bill-wrong',
    'Помилка в рахунку',
    'Wrong bill',
    'ordinary',
    'рахунок платіжка нарахування помилка борг',
    { ...flat, visibility: 'private', precision: 'none' },
  ),
  leaf(
    'billing',
    'meter-check',
    'Повірка лічильника',
    'Meter calibration',
    'ordinary',
    'лічильник повірка заміна пломба',
    { ...flat, visibility: 'private', precision: 'none', type: 'batch' },
  ),
  leaf(
    'billing',
    'recalculation',
    'Перерахунок за неякісну послугу',
    'Refund for a poor service',
    'ordinary',
    'перерахунок не надана послуга відсутність',
    { ...flat, visibility: 'private', precision: 'none' },
  ),
  leaf(
    'billing',
    'question-tariff',
    'Питання про тариф чи пільгу',
    'Question about a tariff or benefit',
    'question',
    'тариф пільга субсидія скільки коштує',
    { visibility: 'private', precision: 'none' },
  ),

  leaf(
    'appeals',
    'citizens-appeal',
    'Звернення за Законом «Про звернення громадян»',
    'Appeal under the law on citizens’ appeals',
    'ordinary',
    'скарга заява пропозиція клопотання звернення',
    { precision: 'none', visibility: 'private', regime: 'statutory' },
  ),
];
