import { Refusal } from '../errors.ts';
import { type Language, messages } from '../i18n/index.ts';

export type FileFaultKind =
  | 'type'
  | 'heic'
  | 'polyglot'
  | 'too-large'
  | 'too-many'
  | 'day-full'
  | 'pixels'
  | 'broken'
  | 'infected'
  | 'unscanned';

/** A file that the city does not take; the rest of the form is none the worse for it. */
export class FileFault extends Refusal {
  override name = 'FileFault';
  readonly kind: FileFaultKind;
  constructor(kind: FileFaultKind, detail: Readonly<Record<string, unknown>> = {}) {
    super(422, `file-${kind}`, text('en')[kind], detail);
    this.kind = kind;
  }
}

/** What is wrong with the file of that name, for the one who chose it. */
export function sayFault(language: Language, name: string, kind: FileFaultKind): string {
  return `${shownName(name)}: ${text(language)[kind]}`;
}

/** A name that people may see and keep: the last part of a path, without invisible characters, 200 characters at most. */
export function shownName(name: string): string {
  const last = name.split(/[\\/]/).at(-1)!.normalize('NFC');
  const visible = last
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .trim();
  return [...visible].slice(0, 200).join('') || 'file';
}

const text = messages(
  {
    type: 'такий вид файлу тут не підходить. Файл не додано',
    heic: 'формат HEIC ми не читаємо. На iPhone оберіть «Параметри» → «Камера» → «Формати» → «Найбільш сумісний» або надішліть знімок екрана. Файл не додано',
    polyglot: 'у файлі сховано ще один файл. Збережіть його заново й спробуйте ще раз. Файл не додано',
    'too-large': 'файл завеликий. Файл не додано',
    'too-many': 'файлів уже досить. Файл не додано',
    'day-full': 'за добу можна надіслати 200 МБ, і їх уже вичерпано. Спробуйте завтра. Файл не додано',
    pixels: 'зображення має понад 50 мегапікселів. Зменште його. Файл не додано',
    broken: 'файл пошкоджений, його не вдалося прочитати. Файл не додано',
    infected: 'у файлі знайдено шкідливу програму. Файл не додано',
    unscanned: 'перевірка файлів на віруси зараз недоступна. Спробуйте за кілька хвилин. Файл не додано',
  },
  {
    en: {
      type: 'this kind of file will not do here. The file was left out',
      heic: 'we cannot read HEIC. On an iPhone choose Settings → Camera → Formats → Most Compatible, or send a screenshot. The file was left out',
      polyglot: 'another file is hidden in it. Save it anew and try again. The file was left out',
      'too-large': 'the file is too large. The file was left out',
      'too-many': 'there are enough files already. The file was left out',
      'day-full': '200 MB a day can be sent, and they are used up. Try tomorrow. The file was left out',
      pixels: 'the picture has more than 50 megapixels. Make it smaller. The file was left out',
      broken: 'the file is damaged and cannot be read. The file was left out',
      infected: 'malware was found in it. The file was left out',
      unscanned:
        'files cannot be checked for viruses right now. Try again in a few minutes. The file was left out',
    },
  },
);
