import { LoadFault } from './faults.ts';

/** One element of an array in a JSON text. */
export interface JsonElement {
  /** Name of the member of the outermost object whose array it is in; null: it is in the outermost array. */
  readonly member: string | null;
  readonly text: string;
}

/** The most characters of one element. */
const largest = 64 * 1024 * 1024;
const [QUOTE, COMMA, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [
  34, 44, 92, 91, 93, 123, 125,
];

/**
 * Finds the elements of the outermost array, or of the arrays that are members of the outermost object, without holding more than
 * one of them.
 *
 * @throws LoadFault `json-broken` with the `offset` of the character
 */
export async function* jsonElements(
  pieces: AsyncIterable<string>,
): AsyncGenerator<JsonElement, void, undefined> {
  const stack: number[] = [];
  let level = 1;
  let text = '';
  let at = 0;
  /** Characters that were let go before `text`. */
  let before = 0;
  let inString = false;
  let escaped = false;
  let stringStart = 0;
  let element = -1;
  let member: string | null = null;
  for await (const piece of pieces) {
    text += piece;
    for (; at < text.length; at += 1) {
      const sign = text.charCodeAt(at);
      if (inString) {
        if (escaped) escaped = false;
        else if (sign === BACKSLASH) escaped = true;
        else if (sign === QUOTE) {
          inString = false;
          if (stack.length === 1 && level === 2) member = text.slice(stringStart, at);
        }
        continue;
      }
      if (sign <= 32) continue;
      const inArray = stack.length === level && stack[level - 1] === OPEN_LIST;
      if (inArray && element >= 0 && (sign === COMMA || sign === CLOSE_LIST)) {
        yield { member: level === 1 ? null : member, text: text.slice(element, at) };
        element = -1;
      } else if (inArray && element < 0 && sign !== COMMA && sign !== CLOSE_LIST) element = at;
      if (sign === QUOTE) {
        inString = true;
        stringStart = at + 1;
      } else if (sign === OPEN_OBJECT || sign === OPEN_LIST) {
        if (stack.length === 0) level = sign === OPEN_LIST ? 1 : 2;
        stack.push(sign);
      } else if ((sign === CLOSE_OBJECT || sign === CLOSE_LIST) && stack.pop() !== sign - 2)
        throw new LoadFault('json-broken', { offset: before + at });
    }
    const keep = element >= 0 ? element : inString ? stringStart : at;
    if (at - keep > largest) throw new LoadFault('too-large', { limit: largest });
    text = text.slice(keep);
    before += keep;
    at -= keep;
    stringStart -= keep;
    if (element >= 0) element = 0;
  }
  if (stack.length || inString) throw new LoadFault('json-broken', { offset: before + at });
}
