import { beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { BoardDocument } from '../src/board/boardDocument';
import { readEdge, readNode } from '../src/board/boardContent';

let board: BoardDocument;

beforeEach(() => {
  board = new BoardDocument(new Y.Doc());
});

/** Another window on the same board, in step with it until `meet` is called again. */
function windowOn(other: BoardDocument): { board: BoardDocument; meet: () => void } {
  const mine = new BoardDocument(new Y.Doc());
  const meet = () => {
    Y.applyUpdate(mine.doc, Y.encodeStateAsUpdate(other.doc), 'remote');
    Y.applyUpdate(other.doc, Y.encodeStateAsUpdate(mine.doc), 'remote');
  };
  meet();
  return { board: mine, meet };
}

const text = (on: BoardDocument, id: string) => on.nodeText(id)!.toString();

describe('a board', () => {
  it('keeps nodes as the content conventions say', () => {
    const id = board.addNode({ x: 1.4, y: 2.6, text: 'hi', color: 'teal' });
    expect(board.doc.getMap('nodes').toJSON()).toEqual({
      [id]: { type: 'note', x: 1, y: 3, width: 184, height: 92, text: 'hi', color: 'teal' },
    });
    expect((board.nodes.get(id) as Y.Map<unknown>).get('text')).toBeInstanceOf(Y.Text);
    expect(board.meta.get('type')).toBe('board');
  });

  it('keeps edges as the content conventions say, CONNECTS unless told', () => {
    const [a, b] = [board.addNode({ x: 0, y: 0 }), board.addNode({ x: 9, y: 9 })];
    const id = board.connect(a, b)!;
    expect(board.edges.toJSON()).toEqual({ [id]: { source: a, target: b, type: 'CONNECTS', label: '' } });
    board.describeEdge(id, { label: 'waits', type: 'depends on' });
    expect(readEdge(id, board.edges.get(id))).toMatchObject({ label: 'waits', type: 'DEPENDS_ON' });
  });

  it('does not connect a node with itself, with nothing, or twice', () => {
    const [a, b] = [board.addNode({ x: 0, y: 0 }), board.addNode({ x: 9, y: 9 })];
    expect(board.connect(a, a)).toBeUndefined();
    expect(board.connect(a, 'gone')).toBeUndefined();
    expect(board.connect(a, b)).toBe(board.connect(a, b));
    expect(board.edges.size).toBe(1);
  });

  it('deletes the edges of a deleted node, and undo brings all back', () => {
    const [a, b] = [board.addNode({ x: 0, y: 0, text: 'A' }), board.addNode({ x: 9, y: 9 })];
    board.connect(a, b);
    board.remove(new Set([a]), new Set());
    expect(board.nodes.size).toBe(1);
    expect(board.edges.size).toBe(0);
    board.history.undo();
    expect(text(board, a)).toBe('A');
    expect(board.edges.size).toBe(1);
  });

  it('duplicates nodes with the edges among them', () => {
    const [a, b, c] = ['A', 'B', 'C'].map((name) => board.addNode({ x: 0, y: 0, text: name })) as [
      string,
      string,
      string,
    ];
    board.connect(a, b);
    board.connect(b, c);
    const copies = board.duplicate(new Set([a, b]), { x: 10, y: 20 });
    expect(copies.map((id) => text(board, id))).toEqual(['A', 'B']);
    expect(board.edges.size).toBe(3);
    expect(readNode(copies[0]!, board.nodes.get(copies[0]!))).toMatchObject({ x: 10, y: 20 });
    board.history.undo();
    expect(board.nodes.size).toBe(3);
  });

  it('writes nothing when nothing changes', () => {
    const id = board.addNode({ x: 1, y: 2 });
    let updates = 0;
    board.doc.on('update', () => updates++);
    board.moveNodes(new Map([[id, { x: 1, y: 2 }]]));
    board.type(board.nodeText(id)!, '');
    expect(updates).toBe(0);
  });

  it('edits what another program wrote as plain JSON', () => {
    board.nodes.set('plain', { x: 5, y: 6, text: 'old' });
    expect(readNode('plain', board.nodes.get('plain'))).toMatchObject({ x: 5, text: 'old', width: 184 });
    board.moveNodes(new Map([['plain', { x: 7, y: 6 }]]));
    expect(readNode('plain', board.nodes.get('plain'))).toMatchObject({ x: 7, y: 6, text: 'old' });
  });

  it('reads nonsense without falling over', () => {
    expect(readNode('n', 7)).toBeUndefined();
    expect(readNode('n', { x: 'far', width: -5, height: 1e9, text: 3 })).toMatchObject({
      x: 0,
      width: 48,
      height: 4000,
      text: '',
    });
    expect(readEdge('e', { source: 'a' })).toBeUndefined();
  });
});

describe('two windows', () => {
  it('merge what both type into one node, letter by letter', () => {
    const id = board.addNode({ x: 0, y: 0, text: 'plan' });
    const other = windowOn(board);
    board.type(board.nodeText(id)!, 'the plan');
    other.board.type(other.board.nodeText(id)!, 'plan B');
    other.meet();
    expect(text(board, id)).toBe('the plan B');
    expect(text(other.board, id)).toBe('the plan B');
  });

  it('undo only what they did themselves', () => {
    const mine = board.addNode({ x: 0, y: 0, text: 'mine' });
    const other = windowOn(board);
    const theirs = other.board.addNode({ x: 1, y: 1, text: 'theirs' });
    other.board.recolor([mine], 'rose');
    other.meet();
    board.history.undo();
    expect([...board.nodes.keys()]).toEqual([theirs]);
    expect(board.history.canUndo()).toBe(false);
    board.history.redo();
    expect(board.nodes.has(mine)).toBe(true);
  });

  it('undo their own typing and leave the other’s letters alone', () => {
    const id = board.addNode({ x: 0, y: 0, text: 'x' });
    const other = windowOn(board);
    board.type(board.nodeText(id)!, 'mine x');
    board.history.nextStep();
    other.board.type(other.board.nodeText(id)!, 'x theirs');
    other.meet();
    board.history.undo();
    expect(text(board, id)).toBe('x theirs');
  });

  it('move and retitle the same node at once without losing either', () => {
    const id = board.addNode({ x: 0, y: 0, text: 'a' });
    const other = windowOn(board);
    board.moveNodes(new Map([[id, { x: 50, y: 60 }]]));
    other.board.type(other.board.nodeText(id)!, 'ab');
    other.meet();
    expect(readNode(id, board.nodes.get(id))).toMatchObject({ x: 50, y: 60, text: 'ab' });
  });
});

describe('steps of undo', () => {
  it('are one per action, however fast', () => {
    const a = board.addNode({ x: 0, y: 0 });
    board.moveNodes(new Map([[a, { x: 9, y: 9 }]]));
    board.history.undo();
    expect(readNode(a, board.nodes.get(a))).toMatchObject({ x: 0, y: 0 });
    board.history.undo();
    expect(board.nodes.size).toBe(0);
  });

  it('take a run of typing as one', () => {
    const id = board.addNode({ x: 0, y: 0 });
    for (const typed of ['h', 'he', 'hey']) {
      board.type(board.nodeText(id)!, typed);
    }
    board.history.undo();
    expect(text(board, id)).toBe('');
    expect(board.nodes.size).toBe(1);
  });

  it('never take back the making of the board', () => {
    board.setUp('Plan');
    const id = board.addNode({ x: 0, y: 0 });
    board.history.undo();
    board.history.undo();
    expect(board.nodes.has(id)).toBe(false);
    expect(board.titleText()).toBe('Plan');
    expect(board.meta.get('type')).toBe('board');
  });
});
