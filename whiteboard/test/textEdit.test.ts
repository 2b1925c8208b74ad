import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { editBetween, writeText } from '../src/board/textEdit';

describe('the smallest edit between two texts', () => {
  it('is nothing for equal texts', () => {
    expect(editBetween('same', 'same')).toBeUndefined();
  });

  it.each([
    ['', 'a', { index: 0, removed: 0, inserted: 'a' }],
    ['ab', 'aXb', { index: 1, removed: 0, inserted: 'X' }],
    ['abc', 'ac', { index: 1, removed: 1, inserted: '' }],
    ['hello world', 'hello there', { index: 6, removed: 5, inserted: 'there' }],
  ])('of %j and %j touches only what differs', (before, after, edit) => {
    expect(editBetween(before, after, edit.index + edit.inserted.length)).toEqual(edit);
  });

  it('puts a repeated letter where the caret says it was typed', () => {
    expect(editBetween('boo', 'booo', 2)).toEqual({ index: 1, removed: 0, inserted: 'o' });
    expect(editBetween('boo', 'booo', 4)).toEqual({ index: 3, removed: 0, inserted: 'o' });
  });

  it('never cuts a surrogate pair in halves', () => {
    expect(editBetween('😀', '😁')).toEqual({ index: 0, removed: 2, inserted: '😁' });
    expect(editBetween('a😀b', 'a😀😀b', 5)).toEqual({ index: 3, removed: 0, inserted: '😀' });
  });

  it('leads from any text to any other, whatever the caret', () => {
    let seed = 42;
    const random = (max: number) => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % max;
    const word = () => Array.from({ length: random(7) }, () => 'ab😀é'.at(random(5)) ?? 'z').join('');
    for (let round = 0; round < 2000; round++) {
      const before = word();
      const after = word();
      const edit = editBetween(before, after, random(after.length + 1));
      const made =
        edit === undefined
          ? before
          : before.slice(0, edit.index) + edit.inserted + before.slice(edit.index + edit.removed);
      expect(made).toBe(after);
    }
  });
});

describe('writing a text', () => {
  it('merges with what someone else types at the same time', () => {
    const mine = new Y.Doc();
    const theirs = new Y.Doc();
    mine.getText('t').insert(0, 'Pay the bill');
    Y.applyUpdate(theirs, Y.encodeStateAsUpdate(mine));
    writeText(mine.getText('t'), 'Pay the electricity bill', 20);
    writeText(theirs.getText('t'), 'Pay the bill today', 18);
    Y.applyUpdate(theirs, Y.encodeStateAsUpdate(mine));
    Y.applyUpdate(mine, Y.encodeStateAsUpdate(theirs));
    expect(mine.getText('t').toString()).toBe('Pay the electricity bill today');
    expect(theirs.getText('t').toString()).toBe('Pay the electricity bill today');
  });
});
