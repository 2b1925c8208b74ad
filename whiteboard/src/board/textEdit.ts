import type * as Y from 'yjs';

/** One replacement inside a text: `removed` characters at `index` make way for `inserted`. */
export interface TextEdit {
  readonly index: number;
  readonly removed: number;
  readonly inserted: string;
}

/**
 * The smallest single replacement that turns `before` into `after`, so that two people's typing merges character
 * by character. `caret` (its place in `after`) settles where among equal letters the edit happened: typing a
 * second "o" after "bo" must not look like typing one before it.
 */
export function editBetween(
  before: string,
  after: string,
  caret: number = after.length,
): TextEdit | undefined {
  if (before === after) {
    return undefined;
  }
  const shared = Math.min(before.length, after.length);
  const tailMax = Math.min(shared, Math.max(0, after.length - caret));
  let tail = 0;
  while (tail < tailMax && before[before.length - 1 - tail] === after[after.length - 1 - tail]) {
    tail++;
  }
  let head = 0;
  while (head < shared - tail && before[head] === after[head]) {
    head++;
  }
  while (tail < shared - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) {
    tail++;
  }
  if (splitsPair(before, head) || splitsPair(after, head)) {
    head--;
  }
  if (splitsPair(before, before.length - tail) || splitsPair(after, after.length - tail)) {
    tail--;
  }
  return {
    index: head,
    removed: before.length - head - tail,
    inserted: after.slice(head, after.length - tail),
  };
}

/** Writes the difference into a shared text; answers whether anything changed. */
export function writeText(text: Y.Text, after: string, caret?: number): boolean {
  const edit = editBetween(text.toString(), after, caret);
  if (edit === undefined) {
    return false;
  }
  if (edit.removed > 0) {
    text.delete(edit.index, edit.removed);
  }
  if (edit.inserted !== '') {
    text.insert(edit.index, edit.inserted);
  }
  return true;
}

/** Whether a cut at `index` would go through a surrogate pair, which Yjs cannot store in halves. */
function splitsPair(text: string, index: number): boolean {
  const first = text.charCodeAt(index - 1);
  const second = text.charCodeAt(index);
  return first >= 0xd800 && first < 0xdc00 && second >= 0xdc00 && second < 0xe000;
}
