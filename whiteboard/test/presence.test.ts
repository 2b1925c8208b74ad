import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { initialsOf, personColor, readPerson } from '../src/presence/person';
import { Presence } from '../src/presence/presence';

describe('a person', () => {
  it('has the colour that follows from the name', () => {
    expect(personColor('Ada')).toBe(personColor('Ada'));
    expect(new Set(['Ada', 'Grace', 'Edsger', 'Barbara', 'Alan'].map(personColor)).size).toBeGreaterThan(2);
  });

  it('has initials', () => {
    expect(initialsOf('ada lovelace')).toBe('AL');
    expect(initialsOf('Grace')).toBe('G');
  });

  it.each([null, 7, {}, { user: {} }, { user: { name: '  ' } }, { user: 'x' }])(
    'is not read from %j',
    (state) => {
      expect(readPerson(1, state)).toBeUndefined();
    },
  );

  it('is read with whatever of the rest makes sense', () => {
    const state = {
      user: { name: 'x'.repeat(99) },
      cursor: { x: NaN, y: 1 },
      selection: [1, 'a'],
      drags: { a: 3 },
    };
    expect(readPerson(1, state)).toMatchObject({ name: 'x'.repeat(40), cursor: undefined, selection: ['a'] });
  });
});

describe('presence', () => {
  let mine: Awareness;
  let theirs: Awareness;

  beforeEach(() => {
    vi.useFakeTimers();
    mine = new Awareness(new Y.Doc());
    theirs = new Awareness(new Y.Doc());
    mine.on('update', ({ added, updated }: { added: number[]; updated: number[] }) =>
      applyAwarenessUpdate(theirs, encodeAwarenessUpdate(mine, [...added, ...updated]), 'wire'),
    );
  });

  afterEach(() => {
    mine.destroy();
    theirs.destroy();
    vi.useRealTimers();
  });

  it('shows the other’s name, cursor, selection and drag, and not oneself', () => {
    const watching = new Presence(theirs);
    const me = new Presence(mine);
    me.rename(' Ada   Lovelace ');
    me.pointAt({ x: 1.4, y: 2 });
    me.select(['n']);
    me.drag(new Map([['n', { x: 5, y: 6 }]]));
    vi.advanceTimersByTime(50);
    expect(watching.others.value()).toMatchObject([{ name: 'Ada Lovelace', cursor: { x: 1, y: 2 } }]);
    expect(watching.selections.value().get('n')).toHaveLength(1);
    expect(watching.drags.value().get('n')).toEqual({ x: 5, y: 6 });
    me.dropped();
    expect(watching.drags.value().size).toBe(0);
  });

  it('tells a fast pointer at most every 50 ms', () => {
    const me = new Presence(mine);
    let told = 0;
    mine.on('update', () => told++);
    for (let x = 0; x < 10; x++) {
      me.pointAt({ x, y: 0 });
    }
    vi.advanceTimersByTime(50);
    expect(told).toBe(1);
    expect(theirs.getStates().get(mine.clientID)).toMatchObject({ cursor: { x: 9, y: 0 } });
  });
});
