import type { FieldFault } from '#platform/errors.ts';
import { isUnreadable } from '#platform/http/forms.ts';
import type { Fix } from '../../loading/rules.ts';
import { nullWords } from '../../loading/shapes.ts';
import type { ColumnType } from '../../loading/types.ts';
import type { FixText } from './fix-text.ts';

/** Types that a publisher may choose, the usual ones first. */
export const columnTypes: readonly ColumnType[] = [
  'text',
  'integer',
  'numeric',
  'date',
  'timestamp',
  'boolean',
  'list',
  'url',
  'time',
  'json',
];

/** Longest text of a field of a fix. */
const longest = 500;

/** The fix that a form of the desk means, or what is wrong with it, field by field. */
export function fixOf(
  form: FormData,
  words: FixText,
): { readonly fix: Fix } | { readonly faults: readonly FieldFault[] } {
  const faults: FieldFault[] = [...form]
    .filter(([, value]) => typeof value === 'string' && isUnreadable(value))
    .map(([field]) => ({ field, message: words.wrong }));
  const text = (name: string) => String(form.get(name) ?? '').slice(0, longest);
  const needed = (name: string) => {
    const value = text(name);
    if (value.trim() === '') faults.push({ field: name, message: words.fill });
    return value;
  };
  const count = () => {
    const value = text('rows').trim();
    if (!/^\d{1,3}$/.test(value)) faults.push({ field: 'rows', message: words.wrong });
    return Number(value);
  };
  const column = String(form.get('column') ?? '').slice(0, 2_000);
  const fix = ((): Fix | null => {
    switch (text('do') as Fix['do']) {
      case 'sheet':
        return { do: 'sheet', name: needed('name') };
      case 'entry':
        return { do: 'entry', name: needed('name') };
      case 'skip-rows':
        return { do: 'skip-rows', rows: count() };
      case 'header-rows':
        return { do: 'header-rows', rows: count() };
      case 'footer':
        return { do: 'footer', rows: count() };
      case 'rename':
        return { do: 'rename', column, to: needed('to').trim() };
      case 'drop':
        return { do: 'drop', column };
      case 'mask':
        return { do: 'mask', column };
      case 'hash':
        return { do: 'hash', column };
      case 'type': {
        const type = text('type') as ColumnType;
        if (!columnTypes.includes(type)) faults.push({ field: 'type', message: words.wrong });
        return { do: 'type', column, type };
      }
      case 'decimal-mark':
        return { do: 'decimal-mark', column, mark: text('mark') === '.' ? '.' : ',' };
      case 'date-pattern':
        return { do: 'date-pattern', column, order: text('order') === 'mdy' ? 'mdy' : 'dmy' };
      case 'nulls':
        // A minus speaks for something in some columns; the other usual words go on meaning nothing.
        return {
          do: 'nulls',
          column,
          words: [...new Set([needed('word').trim(), ...nullWords.filter((word) => word !== '-')])],
        };
      case 'dictionary':
        return { do: 'dictionary', column, words: { [needed('from').trim()]: text('to').trim() } };
      case 'split':
        return {
          do: 'split',
          column,
          by: needed('by'),
          into: [needed('first').trim(), needed('second').trim()],
        };
      case 'swap-coordinates':
        return { do: 'swap-coordinates', lat: needed('lat'), lon: needed('lon') };
      case 'not-personal': {
        const because = text('because').trim();
        if (because.length < 10) faults.push({ field: 'because', message: words.explain });
        return { do: 'not-personal', column, because, approvedBy: null };
      }
      case 'official-contact':
        return { do: 'official-contact', column, approvedBy: null };
      default:
        return null;
    }
  })();
  if (!fix) return { faults: [{ field: 'do', message: words.wrong }] };
  return faults.length > 0 ? { faults } : { fix };
}
