import { type Language, messages } from '#platform/i18n/index.ts';
import type { PersonalKind } from '../../checks/personal-data.ts';
import type { Unusual } from '../../checks/sanity.ts';
import type { PlainCode } from '../../loading/cell-errors.ts';
import type { Fix } from '../../loading/rules.ts';
import type { ColumnType } from '../../loading/types.ts';

const typeNames: Record<Language, Record<ColumnType, string>> = {
  uk: {
    integer: 'ціле число',
    numeric: 'число',
    date: 'дата',
    timestamp: 'дата й час',
    boolean: 'так або ні',
    text: 'текст',
    list: 'перелік через «;»',
    json: 'JSON',
    time: 'час',
    url: 'адреса сторінки',
  },
  en: {
    integer: 'whole number',
    numeric: 'number',
    date: 'date',
    timestamp: 'date and time',
    boolean: 'yes or no',
    text: 'text',
    list: 'list with “;”',
    json: 'JSON',
    time: 'time',
    url: 'address of a page',
  },
};

type DeskCode = PlainCode | `personal-${PersonalKind}`;

const words = messages(
  {
    fixes: 'Виправлення',
    remembered: 'Запамʼятовані виправлення',
    rememberedLead:
      'Портал застосовує їх до кожного наступного файлу. Вимкніть те, що більше не потрібне, або заберіть зовсім.',
    noRules: 'Ще нічого не запамʼятовано',
    noRulesWhy: 'Виправте щось у звіті перевірки: наступного разу портал зробить це сам.',
    applied: (n: string) => `Застосовано запамʼятованих виправлень: ${n}`,
    matchedNothing: 'нічого не знайшло в цьому файлі',
    matched: 'спрацювало',
    off: 'вимкнено',
    waitsForOfficer: 'чекає погодження відповідальної особи міста',
    refused: (reason: string) => `не погоджено: ${reason}`,
    approved: 'погоджено',
    fix: 'Що робить',
    author: 'Хто запамʼятав',
    state: 'Стан',
    act: 'Дія',
    turnOff: 'Вимкнути',
    turnOn: 'Увімкнути',
    forget: 'Забрати',
    columns: 'Стовпці',
    columnsLead: 'Так портал зрозумів кожен стовпець. Якщо не так, скажіть інакше: це запамʼятається.',
    column: 'Стовпець',
    type: 'Тип',
    change: 'Змінити',
    changeColumn: (column: string) => `Змінити стовпець «${column}»`,
    cells: 'клітинок',
    fixColumn: (column: string) => `Стовпець «${column}»`,
    fixLead:
      'Виправлення діє на всі такі клітинки зараз і в наступних файлах. Файл одразу перевіриться ще раз.',
    apply: 'Застосувати',
    fixAll: 'Виправити всі такі клітинки',
    otherFix: 'Інше виправлення',
    accept: 'Запамʼятати ці виправлення',
    acceptWhy: 'Наступний файл прочитається так само; клітинка, що не підійде, стане помилкою, а не текстом.',
    setType: 'Інший тип',
    setTypeWhy: 'Клітинка, що не підходить до типу, стане помилкою.',
    nulls: 'Слово замість порожнього',
    nullsWhy: 'Наприклад «немає» або «не визначено».',
    word: 'Слово',
    dictionary: 'Замінити значення',
    from: 'Що стоїть',
    to: 'Чим замінити',
    mark: 'Десятковий знак',
    markWhy: 'Чим відділено дробову частину в цьому стовпці.',
    comma: 'кома: 1 234,50',
    dot: 'крапка: 1,234.50',
    order: 'Порядок у даті',
    orderWhy: 'Для дат із рискою: 03/04/2026.',
    dmy: 'день/місяць/рік',
    mdy: 'місяць/день/рік',
    rename: 'Інша назва',
    renameWhy: 'Або назва стовпця з офіційної таблиці.',
    newName: 'Нова назва',
    split: 'Поділити на два стовпці',
    by: 'Чим розділено',
    first: 'Назва першого',
    second: 'Назва другого',
    drop: 'Не публікувати стовпець',
    dropWhy: 'Стовпця не буде на порталі й у файлах для завантаження.',
    mask: 'Приховати значення',
    maskWhy: 'Замість кожного значення стоятиме •••.',
    hash: 'Замінити кодом',
    hashWhy: 'Однакові значення дадуть однаковий код, але з коду значення не дізнатися.',
    table: 'Уся таблиця',
    tableLead: 'Якщо портал не так знайшов початок, кінець або заголовок таблиці.',
    skipRows: 'Рядків перед таблицею',
    headerRows: 'Рядків заголовка',
    footer: 'Рядків підсумку внизу',
    swap: 'Поміняти широту й довготу',
    lat: 'Стовпець широти',
    lon: 'Стовпець довготи',
    chooseSheet: 'Аркуш із таблицею',
    chooseEntry: 'Файл з архіву',
    chooseEntryWhy: 'В архіві кілька таблиць. Оберіть одну; вибір запамʼятається.',
    chooseSheetWhy: 'Оберіть аркуш; вибір запамʼятається.',
    otherSheets: 'Інші аркуші книги',
    otherSheetsWhy: 'Кожен аркуш може стати окремим ресурсом набору.',
    sheetResource: (sheet: string) => `Додати аркуш «${sheet}»`,
    unusual: 'Незвично поруч із попередньою версією',
    unusualWhy: 'Попередня версія лишається, доки ви не підтвердите, що так і має бути.',
    confirm: 'Так і має бути, оприлюднити',
    personal: 'Клітинки, що можуть видати людину',
    personalWhy:
      'Такий файл не оприлюднюють. Оберіть, що зробити зі стовпцем: виправлення запамʼятається, а файл перевіриться знову.',
    notPersonal: 'Це не персональні дані',
    notPersonalWhy: 'Відповідальна особа міста має погодити. Ваше пояснення й рішення лишаться в журналі.',
    because: 'Чому це не персональні дані',
    becauseHint: 'Наприклад: «це номери договорів, а не телефони».',
    ask: 'Надіслати на погодження',
    contact: 'Це службові контакти установи',
    contactWhy:
      'Телефони й адреси установ мають бути відкриті. Відповідальна особа міста підтверджує це один раз.',
    asked: 'Надіслано на погодження',
    askedWhy:
      'Файл перевіриться знову, щойно відповідальна особа міста погодить. До того лишається попередня версія.',
    approvals: 'Погодження винятків',
    approvalsLead:
      'Публікатори пояснюють, чому стовпець можна показати. Погодьте або поясніть, чому ні; рішення записується в журнал.',
    noApprovals: 'Нічого не чекає погодження',
    approve: 'Погодити',
    refuse: 'Не погодити',
    reason: 'Чому ні (якщо не погоджуєте)',
    ownAsk: 'Ви самі про це попросили: погодити має інша людина.',
    examples: 'Приклади клітинок',
    fill: 'Заповніть це поле',
    explain: 'Поясніть докладніше: хоча б десять знаків',
    wrong: 'Так не можна: перевірте значення',
    codes: {
      type: 'не той тип',
      required: 'порожнє обовʼязкове значення',
      enum: 'немає в переліку',
      pattern: 'не за зразком',
      range: 'поза межами',
      unique: 'повторюється',
      'key-null': 'порожній ключ',
      'foreign-key': 'немає в таблиці, на яку посилається',
      'too-long': 'задовгий текст',
      encoding: 'зіпсовані знаки',
      ragged: 'зайві клітинки',
      'formula-error': 'помилка формули',
      identifier: 'код не сходиться',
      'geo-outside-city': 'поза містом',
      'date-future': 'дата ще не настала',
      'personal-rnokpp': 'РНОКПП',
      'personal-unzr': 'УНЗР',
      'personal-passport': 'паспорт',
      'personal-phone': 'телефон',
      'personal-email': 'електронна адреса',
      'personal-card': 'номер картки',
      'personal-name-birth': 'імʼя поруч із датою народження',
      'personal-name-address': 'імʼя поруч із домашньою адресою',
    } satisfies Record<DeskCode, string> as Record<string, string>,
    types: typeNames.uk,
    questions: {
      'decimal-mark': 'Незрозуміло, чим відділено дробову частину: поки що це текст.',
      'date-order': 'Незрозуміло, що в даті перше, день чи місяць: поки що це текст.',
      grouping: 'Незрозуміло, чи кома ділить тисячі: поки що це текст.',
    } as Record<string, string>,
    does: (fix: Fix): string => {
      switch (fix.do) {
        case 'sheet':
          return `бере аркуш «${fix.name}»`;
        case 'entry':
          return `бере з архіву «${fix.name}»`;
        case 'skip-rows':
          return `пропускає рядків угорі: ${fix.rows}`;
        case 'header-rows':
          return `рядків заголовка: ${fix.rows}`;
        case 'footer':
          return `відкидає рядків унизу: ${fix.rows}`;
        case 'rename':
          return `«${fix.column}» стає «${fix.to}»`;
        case 'drop':
          return `«${fix.column}» не публікується`;
        case 'type':
          return `«${fix.column}»: тип ${typeNames.uk[fix.type]}`;
        case 'decimal-mark':
          return `«${fix.column}»: десятковий знак «${fix.mark}»`;
        case 'date-pattern':
          return `«${fix.column}»: ${fix.order === 'dmy' ? 'день/місяць/рік' : 'місяць/день/рік'}`;
        case 'nulls':
          return `«${fix.column}»: порожнє це ${fix.words.map((word) => `«${word}»`).join(', ')}`;
        case 'dictionary':
          return `«${fix.column}»: ${Object.entries(fix.words)
            .map(([from, to]) => `«${from}» → «${to}»`)
            .join(', ')}`;
        case 'split':
          return `«${fix.column}» ділиться на ${fix.into.map((name) => `«${name}»`).join(' і ')}`;
        case 'swap-coordinates':
          return `міняє місцями «${fix.lat}» і «${fix.lon}»`;
        case 'not-personal':
          return `«${fix.column}» не персональні дані: ${fix.because}`;
        case 'official-contact':
          return `«${fix.column}»: службові контакти установи`;
        case 'mask':
          return `«${fix.column}»: значення приховано`;
        case 'hash':
          return `«${fix.column}»: значення замінено кодами`;
      }
    },
    saysUnusual: (one: Unusual): string => {
      switch (one.code) {
        case 'fewer-rows':
          return `Рядків стало значно менше: було ${one.before}, тепер ${one.after}.`;
        case 'lost-column':
          return `Зник стовпець «${one.column}».`;
        case 'column-changed':
          return `У стовпці «${one.column}» змінилося все.`;
        case 'older-dates':
          return `Найновіша дата у «${one.column}» старша: була ${one.before}, тепер ${one.after}.`;
      }
    },
  },
  {
    en: {
      fixes: 'Fixes',
      remembered: 'Remembered fixes',
      rememberedLead:
        'The portal applies them to each next file. Switch off or take away what is not needed.',
      noRules: 'Nothing is remembered yet',
      noRulesWhy: 'Fix something in the report of a check: next time the portal does it by itself.',
      applied: (n) => `Remembered fixes applied: ${n}`,
      matchedNothing: 'found nothing in this file',
      matched: 'applied',
      off: 'off',
      waitsForOfficer: 'waits for the open-data officer',
      refused: (reason) => `not approved: ${reason}`,
      approved: 'approved',
      fix: 'What it does',
      author: 'Remembered by',
      state: 'State',
      act: 'Act',
      turnOff: 'Switch off',
      turnOn: 'Switch on',
      forget: 'Take away',
      columns: 'Columns',
      columnsLead:
        'This is how each column was understood. Say otherwise if it is wrong: it will be remembered.',
      column: 'Column',
      type: 'Type',
      change: 'Change',
      changeColumn: (column) => `Change the column “${column}”`,
      cells: 'cells',
      fixColumn: (column) => `Column “${column}”`,
      fixLead: 'A fix holds for all such cells now and in the next files. The file is checked again at once.',
      apply: 'Apply',
      fixAll: 'Fix all such cells',
      otherFix: 'Another fix',
      accept: 'Remember these repairs',
      acceptWhy:
        'The next file will be read the same way; a cell that does not fit will be an error, not text.',
      setType: 'Another type',
      setTypeWhy: 'A cell that does not fit the type becomes an error.',
      nulls: 'A word for nothing',
      nullsWhy: 'Such as “none” or “not known”.',
      word: 'Word',
      dictionary: 'Replace a value',
      from: 'What stands there',
      to: 'What to write',
      mark: 'Decimal mark',
      markWhy: 'What stands before the fraction in this column.',
      comma: 'comma: 1 234,50',
      dot: 'dot: 1,234.50',
      order: 'Order in dates',
      orderWhy: 'For dates with slashes: 03/04/2026.',
      dmy: 'day/month/year',
      mdy: 'month/day/year',
      rename: 'Another name',
      renameWhy: 'Or the name of a column of the official table.',
      newName: 'New name',
      split: 'Split into two columns',
      by: 'What stands between',
      first: 'Name of the first',
      second: 'Name of the second',
      drop: 'Leave the column out',
      dropWhy: 'The column will be neither on the portal nor in files.',
      mask: 'Hide the values',
      maskWhy: '••• will stand in place of each value.',
      hash: 'Replace by codes',
      hashWhy: 'Equal values give equal codes; the value cannot be told from its code.',
      table: 'The whole table',
      tableLead: 'If the portal did not find the beginning, the end or the header of the table.',
      skipRows: 'Rows before the table',
      headerRows: 'Rows of the header',
      footer: 'Rows of totals below',
      swap: 'Swap latitude and longitude',
      lat: 'Column of latitude',
      lon: 'Column of longitude',
      chooseSheet: 'Sheet with the table',
      chooseEntry: 'File of the archive',
      chooseEntryWhy: 'There are several tables in the archive. Choose one; the choice is remembered.',
      chooseSheetWhy: 'Choose a sheet; the choice is remembered.',
      otherSheets: 'Other sheets of the workbook',
      otherSheetsWhy: 'Each sheet can become a resource of its own.',
      sheetResource: (sheet) => `Add the sheet “${sheet}”`,
      unusual: 'Unusual beside the version before',
      unusualWhy: 'The version before stays until you say that this is meant.',
      confirm: 'It is meant, publish',
      personal: 'Cells that may give a person away',
      personalWhy:
        'Such a file is not published. Choose what to do with the column: it is remembered, and the file is checked again.',
      notPersonal: 'These are not personal data',
      notPersonalWhy: 'The open-data officer has to approve. Your words and the decision stay in the log.',
      because: 'Why these are not personal data',
      becauseHint: 'For instance: “these are numbers of contracts, not telephones”.',
      ask: 'Ask for approval',
      contact: 'These are contacts of an institution',
      contactWhy:
        'Telephones and addresses of institutions have to be open. The open-data officer confirms it once.',
      asked: 'Approval was asked for',
      askedWhy:
        'The file is checked again as soon as the open-data officer approves. Until then the version before stays.',
      approvals: 'Approvals of exceptions',
      approvalsLead:
        'Publishers say why a column may be shown. Approve, or say why not; the decision is logged.',
      noApprovals: 'Nothing waits for approval',
      approve: 'Approve',
      refuse: 'Do not approve',
      reason: 'Why not (if you do not approve)',
      ownAsk: 'You have asked for it yourself: somebody else has to approve.',
      examples: 'Examples of cells',
      fill: 'Fill in this field',
      explain: 'Say more: ten characters at least',
      wrong: 'This cannot be: check the value',
      codes: {
        type: 'not of the type',
        required: 'a required value is empty',
        enum: 'not in the list',
        pattern: 'not by the pattern',
        range: 'out of range',
        unique: 'repeats',
        'key-null': 'an empty key',
        'foreign-key': 'not in the table that it refers to',
        'too-long': 'too long',
        encoding: 'broken characters',
        ragged: 'too many cells',
        'formula-error': 'error of a formula',
        identifier: 'a code that does not hold',
        'geo-outside-city': 'outside of the city',
        'date-future': 'a date to come',
        'personal-rnokpp': 'tax number',
        'personal-unzr': 'number of the register',
        'personal-passport': 'passport',
        'personal-phone': 'telephone',
        'personal-email': 'e-mail address',
        'personal-card': 'number of a card',
        'personal-name-birth': 'a name beside a birth day',
        'personal-name-address': 'a name beside a home address',
      } satisfies Record<DeskCode, string>,
      types: typeNames.en,
      questions: {
        'decimal-mark': 'It is not clear what stands before the fraction: text for now.',
        'date-order': 'It is not clear whether the day or the month comes first: text for now.',
        grouping: 'It is not clear whether the comma parts thousands: text for now.',
      },
      does: (fix) => {
        switch (fix.do) {
          case 'sheet':
            return `takes the sheet “${fix.name}”`;
          case 'entry':
            return `takes “${fix.name}” out of the archive`;
          case 'skip-rows':
            return `skips rows above: ${fix.rows}`;
          case 'header-rows':
            return `rows of the header: ${fix.rows}`;
          case 'footer':
            return `leaves out rows below: ${fix.rows}`;
          case 'rename':
            return `“${fix.column}” becomes “${fix.to}”`;
          case 'drop':
            return `“${fix.column}” is not published`;
          case 'type':
            return `“${fix.column}”: type ${typeNames.en[fix.type]}`;
          case 'decimal-mark':
            return `“${fix.column}”: decimal mark “${fix.mark}”`;
          case 'date-pattern':
            return `“${fix.column}”: ${fix.order === 'dmy' ? 'day/month/year' : 'month/day/year'}`;
          case 'nulls':
            return `“${fix.column}”: nothing is ${fix.words.map((word) => `“${word}”`).join(', ')}`;
          case 'dictionary':
            return `“${fix.column}”: ${Object.entries(fix.words)
              .map(([from, to]) => `“${from}” → “${to}”`)
              .join(', ')}`;
          case 'split':
            return `“${fix.column}” is split into ${fix.into.map((name) => `“${name}”`).join(' and ')}`;
          case 'swap-coordinates':
            return `swaps “${fix.lat}” and “${fix.lon}”`;
          case 'not-personal':
            return `“${fix.column}” is not personal: ${fix.because}`;
          case 'official-contact':
            return `“${fix.column}”: contacts of an institution`;
          case 'mask':
            return `“${fix.column}”: values hidden`;
          case 'hash':
            return `“${fix.column}”: values replaced by codes`;
        }
      },
      saysUnusual: (one) => {
        switch (one.code) {
          case 'fewer-rows':
            return `There are far fewer rows: ${one.before} before, ${one.after} now.`;
          case 'lost-column':
            return `The column “${one.column}” is gone.`;
          case 'column-changed':
            return `Everything in the column “${one.column}” has changed.`;
          case 'older-dates':
            return `The newest date in “${one.column}” is older: ${one.before} before, ${one.after} now.`;
        }
      },
    },
  },
);

export type FixText = ReturnType<typeof words>;
export const fixText = (language: Language): FixText => words(language);
