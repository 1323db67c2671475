/** A number with all its digits. */
export class ExactNumber {
  readonly digits: string;
  constructor(digits: string) {
    this.digits = digits;
  }
  toJSON(): number {
    return Number(this.digits);
  }
}

/** A line of plain CSV, faithful to the bytes of its values. */
export function csvLine(values: readonly unknown[]): string {
  return `${values
    .map((value) => {
      const text = value instanceof ExactNumber ? value.digits : value === null ? '' : textOf(value);
      return /[,"\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    })
    .join(',')}\r\n`;
}

/**
 * A line of CSV as Excel opens it in Ukraine: `;` between values, a comma in numbers, and a text that Excel would take for a formula
 * made harmless by an apostrophe before it.
 *
 * @param values texts, numbers, booleans, nulls, lists.
 */
export function excelLine(values: readonly unknown[]): string {
  return `${values.map(cell).join(';')}\r\n`;
}

function cell(value: unknown): string {
  if (value === null) return '';
  if (value instanceof ExactNumber) return value.digits.replace('.', ',');
  if (typeof value === 'boolean') return value ? '1' : '0';
  const text = textOf(value);
  return quoted(isFormula(text) ? `'${text}` : text);
}

const textOf = (value: unknown): string =>
  Array.isArray(value) ? value.join('; ') : typeof value === 'object' ? JSON.stringify(value) : String(value);

/** Whether a text begins as formulas do and is no number. */
const isFormula = (text: string): boolean =>
  /^[=+\-@\t\r]/.test(text) && !/^[+-]?\d+(?:[.,]\d+)?$/.test(text);

const quoted = (text: string): string => (/[;"\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
