import { describe, expect, it } from 'vitest';
import * as decoding from 'lib0/decoding';
import { closeReasonOf } from '../src/board/closeReason';
import { drawnColor } from '../src/board/colors';
import { edgeTypeOf, wordsOf } from '../src/board/edgeType';
import { encodeMark, readMark } from '../src/board/savedMark';
import { ago } from '../src/list/ago';
import { readPage } from '../src/list/entityPage';
import { saveWords } from '../src/shell/saveWords';

describe('an edge’s type', () => {
  it.each([
    ['depends on', 'DEPENDS_ON'],
    ['  links-to ', 'LINKS_TO'],
    ['', 'CONNECTS'],
    ['§§', 'CONNECTS'],
    ['2nd stage', 'ND_STAGE'],
    [undefined, 'CONNECTS'],
  ])('typed as %j is %s', (typed, type) => {
    expect(edgeTypeOf(typed)).toBe(type);
  });

  it('reads as words', () => {
    expect(wordsOf('DEPENDS_ON')).toBe('depends on');
  });
});

describe('a colour', () => {
  it('is ours by name, another one by its hex value, else the usual', () => {
    expect(drawnColor('teal')).toEqual({ name: 'teal' });
    expect(drawnColor('#fff')).toEqual({ name: 'custom', css: '#fff', ink: '#1c1a16' });
    expect(drawnColor('#102030')).toMatchObject({ ink: '#ffffff' });
    expect(drawnColor('url(evil)')).toEqual({ name: 'sand' });
    expect(drawnColor(7)).toEqual({ name: 'sand' });
  });
});

describe('the words of the save sign', () => {
  it('promise this device only where it keeps something', () => {
    expect(saveWords({ kind: 'offline', changes: 2 }, true).short).toBe(
      'Offline, 2 changes kept on this device',
    );
    expect(saveWords({ kind: 'offline', changes: 1 }, false).short).toBe(
      'Offline, 1 change kept in this window',
    );
  });

  it('say saved for saved and for nothing else', () => {
    const signs = [
      { kind: 'connecting' },
      { kind: 'saving', changes: 1 },
      { kind: 'stalled', changes: 1 },
      { kind: 'stalled', changes: 0 },
      { kind: 'offline', changes: 0 },
    ] as const;
    expect(saveWords({ kind: 'saved' }, true).short).toBe('All changes saved');
    signs.forEach((sign) => expect(saveWords(sign, true).short).not.toMatch(/saved/i));
  });
});

describe('a mark', () => {
  it('goes over the wire as 66, length, version', () => {
    expect([...encodeMark(300)]).toEqual([0x66, 2, 0xac, 0x02]);
    const frame = decoding.createDecoder(encodeMark(300));
    decoding.readVarUint(frame);
    expect(readMark(frame)).toBe(300);
  });
});

describe('a close code', () => {
  it('has words where people have to know, and none for a lost connection', () => {
    expect(closeReasonOf(4403, '')).toMatchObject({ final: true });
    expect(closeReasonOf(1013, '')).toMatchObject({ final: false });
    expect(closeReasonOf(1003, 'malformed update')?.text).toContain('malformed update');
    expect(closeReasonOf(4205, 'drain')).toBeUndefined();
    expect(closeReasonOf(1006, '')).toBeUndefined();
  });
});

describe('the list of entities', () => {
  it('is read tolerantly', () => {
    const page = readPage('p', {
      items: [{ name: 'a', more: 1 }, null, { title: 'no name' }],
      nextCursor: null,
    });
    expect(page).toEqual({
      items: [{ id: 'a', project: 'p', name: 'a', title: 'a', updatedAt: undefined }],
      nextCursor: undefined,
    });
    expect(readPage('p', 'nonsense').items).toEqual([]);
  });

  it('tells time in words', () => {
    expect(ago(1_000, 2_000)).toBe('just now');
    expect(ago(0, 180_000)).toBe('3 minutes ago');
    expect(ago(0, 86_400_000)).toBe('yesterday');
  });
});
