import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { BoardDocument } from '../src/board/boardDocument';
import { boardOf, type HistoryRow, namesOf, timeLine } from '../src/panels/history';

const row = (key: string, at: number): HistoryRow => ({
  key,
  point: { time: new Date(at).toISOString() },
  at,
  name: undefined,
  who: 'Ada',
});

test('authors are named once each, and somebody without a name only when nobody has one', () => {
  expect(
    namesOf([
      { client: 1, name: 'Ada' },
      { client: 2, name: 'Bob' },
      { client: 3, name: 'Ada' },
    ]),
  ).toBe('Ada and Bob');
  expect(namesOf([{ client: 1 }, { client: 2, user: 'bob' }])).toBe('bob');
  expect(namesOf([{ client: 1 }])).toBe('Somebody');
  expect(namesOf(null)).toBe('Somebody');
});

test('versions stand among the changes by their time', () => {
  const changes = [row('c3', 30), row('c1', 10)];
  const named = [row('v2', 20), row('v0', 5)];
  expect(timeLine(changes, named, true).map(({ key }) => key)).toEqual(['c3', 'v2', 'c1', 'v0']);
  expect(timeLine(changes, named, false).map(({ key }) => key)).toEqual(['c3', 'v2', 'c1']);
  expect(timeLine([], named, true)).toHaveLength(2);
});

test('a state is shown as the board that it was', () => {
  const doc = new Y.Doc();
  const board = new BoardDocument(doc);
  const id = board.addNode({ x: 10, y: 20, text: 'Engine' });
  board.addConnectedNode(id, { x: 300, y: 20, text: 'Tank' });
  const shown = boardOf(Y.encodeStateAsUpdate(doc));
  expect(shown.nodes.map(({ data }) => data.node.text).sort()).toEqual(['Engine', 'Tank']);
  expect(shown.edges).toHaveLength(1);
  expect(shown.nodes.find((node) => node.id === id)?.position).toEqual({ x: 10, y: 20 });
});
