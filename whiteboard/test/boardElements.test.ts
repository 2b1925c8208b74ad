import { beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { BoardDocument } from '../src/board/boardDocument';
import { BoardElements } from '../src/canvas/boardElements';

let board: BoardDocument;
let paint: () => void;

beforeEach(() => {
  board = new BoardDocument(new Y.Doc());
  paint = () => {};
});

function elementsOf(from: BoardDocument): BoardElements {
  return new BoardElements(from, (work) => (paint = work));
}

describe('the canvas elements of a board', () => {
  it('replace one object of 10,000 when one node changes', () => {
    const ids = Array.from({ length: 10_000 }, (_, i) => `n${i}`);
    board.doc.transact(() => ids.forEach((id, i) => board.nodes.set(id, new Y.Map([['x', i]]))));
    const elements = elementsOf(board);
    const before = elements.nodes();
    board.moveNodes(new Map([[ids[5000]!, { x: 1, y: 1 }]]));
    const after = elements.nodes();
    expect(after).not.toBe(before);
    expect(after.filter((node, i) => node !== before[i]).map((node) => node.id)).toEqual([ids[5000]]);
  });

  it('stay the same array when nothing changed', () => {
    board.addNode({ x: 0, y: 0 });
    const elements = elementsOf(board);
    expect(elements.nodes()).toBe(elements.nodes());
    expect(elements.edges()).toBe(elements.edges());
  });

  it('follow creation, typing, recolouring and deletion', () => {
    const elements = elementsOf(board);
    const [a, b] = [board.addNode({ x: 0, y: 0 }), board.addNode({ x: 300, y: 0 })];
    const edge = board.connect(a, b)!;
    board.type(board.nodeText(a)!, 'Hello');
    board.recolor([a], 'rose');
    board.describeEdge(edge, { label: '', type: 'DEPENDS_ON' });
    expect(elements.node(a)?.data.node).toMatchObject({ text: 'Hello', color: 'rose' });
    expect(elements.node(a)?.ariaLabel).toBe('Node: Hello');
    expect(elements.edge(edge)?.ariaLabel).toBe('Edge: depends on');
    board.remove(new Set([a]), new Set());
    expect(elements.nodes().map((node) => node.id)).toEqual([b]);
    expect(elements.edges()).toEqual([]);
  });

  it('tell of one’s own edits at once and of others’ once per paint', () => {
    const elements = elementsOf(board);
    let told = 0;
    elements.subscribe(() => told++);
    board.addNode({ x: 0, y: 0 });
    expect(told).toBe(1);
    const other = new BoardDocument(new Y.Doc());
    other.doc.on('update', (update: Uint8Array) => Y.applyUpdate(board.doc, update, 'remote'));
    Array.from({ length: 5 }, () => other.addNode({ x: 1, y: 1 }));
    expect(told).toBe(1);
    paint();
    expect(told).toBe(2);
    expect(elements.nodes()).toHaveLength(6);
  });

  it('keep the selection when the document changes', () => {
    const id = board.addNode({ x: 0, y: 0 });
    const elements = elementsOf(board);
    elements.select(new Set([id]));
    board.recolor([id], 'sky');
    expect(elements.selectedNodes().map((node) => node.id)).toEqual([id]);
  });

  it('let a node under the pointer follow it, and the document again afterwards', () => {
    const id = board.addNode({ x: 0, y: 0 });
    const elements = elementsOf(board);
    elements.applyNodeChanges([{ type: 'position', id, position: { x: 5, y: 5 }, dragging: true }]);
    board.doc.transact(() => (board.nodes.get(id) as Y.Map<unknown>).set('x', 100), 'remote');
    expect(elements.node(id)?.position).toEqual({ x: 5, y: 5 });
    elements.applyNodeChanges([{ type: 'position', id, position: { x: 6, y: 6 }, dragging: false }]);
    board.moveNodes(new Map([[id, { x: 6, y: 6 }]]));
    expect(elements.node(id)?.position).toEqual({ x: 6, y: 6 });
  });

  it('show where others drag a node, and the document again when they vanish', () => {
    const id = board.addNode({ x: 0, y: 0 });
    const elements = elementsOf(board);
    elements.showDrags(new Map([[id, { x: 70, y: 80 }]]));
    expect(elements.node(id)?.position).toEqual({ x: 70, y: 80 });
    elements.showDrags(new Map());
    expect(elements.node(id)?.position).toEqual({ x: 0, y: 0 });
  });

  it('find the topmost node at a point', () => {
    board.addNode({ x: 0, y: 0 });
    const top = board.addNode({ x: 10, y: 10 });
    const elements = elementsOf(board);
    expect(elements.nodeAt({ x: 20, y: 20 })?.id).toBe(top);
    expect(elements.nodeAt({ x: 900, y: 20 })).toBeUndefined();
  });

  it('need no measuring: size and handles are known before anything is rendered', () => {
    const id = board.addNode({ x: 0, y: 0, width: 200, height: 100 });
    const node = elementsOf(board).node(id);
    expect(node?.measured).toEqual({ width: 200, height: 100 });
    expect(node?.handles).toHaveLength(4);
  });
});
