import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { BoardDocument } from '../src/board/boardDocument';
import { BoardElements } from '../src/canvas/boardElements';
import { pathBetween, watchCycles } from '../src/panels/cycleWatch';
import { highlightOf } from '../src/panels/highlight';
import { impactOf, readRelatives, subjectOf } from '../src/panels/relatives';

const HERE = { project: 'default', name: 'plan' };

describe('the relatives of a node', () => {
  it('are read tolerantly', () => {
    const { items, truncated } = readRelatives({
      asOf: 12,
      truncated: true,
      vertices: [
        { id: '01', name: 'plan', project: 'default', type: 'note', title: 'Pump', element: 'n1', depth: 2 },
        { project: 'default', title: 'without a name' },
        { name: 'tank', project: 'default', title: '', depth: 'far' },
        null,
      ],
    });
    expect(truncated).toBe(true);
    expect(items).toEqual([
      { project: 'default', name: 'plan', element: 'n1', title: 'Pump', type: 'note', depth: 2 },
      { project: 'default', name: 'tank', element: undefined, title: 'tank', type: 'document', depth: 1 },
    ]);
    expect(readRelatives('nonsense')).toEqual({ items: [], truncated: false });
  });

  it('are asked for by the entity that a node stands for', () => {
    expect(subjectOf(HERE, { id: 'n1', entity: undefined })).toEqual({ entity: HERE, element: 'n1' });
    expect(subjectOf(HERE, { id: 'n1', entity: 'tank' })).toEqual({
      entity: { project: 'default', name: 'tank' },
      element: undefined,
    });
  });

  it('make the impact, nearest first and by type', () => {
    const at = (name: string, type: string, depth: number) => ({
      ...HERE,
      name,
      element: undefined,
      title: name,
      type,
      depth,
    });
    const groups = impactOf([
      at('c', 'note', 2),
      at('a', 'note', 1),
      at('b', 'board', 2),
      at('d', 'note', 2),
    ]);
    expect(groups.map(({ depth, type, items }) => [depth, type, items.map(({ name }) => name)])).toEqual([
      [1, 'note', ['a']],
      [2, 'board', ['b']],
      [2, 'note', ['c', 'd']],
    ]);
  });

  it('are pointed out on the board they are on', () => {
    const board = new BoardDocument(new Y.Doc());
    const [pump, tank, other] = ['Pump', 'Tank', 'Other'].map((text) => board.addNode({ x: 0, y: 0, text }));
    const standIn = board.addNode({ x: 0, y: 0, entity: 'contract' });
    const relative = (name: string, element: string | undefined, project = 'default') => ({
      project,
      name,
      element,
      title: '',
      type: 'note',
      depth: 1,
    });
    const nodes = new BoardElements(board, (work) => work()).nodes();
    const highlight = highlightOf(
      HERE,
      nodes,
      [relative('plan', pump), relative('contract', undefined), relative('another', other)],
      [relative('plan', tank), relative('plan', pump), relative('contract', undefined, 'elsewhere')],
    );
    expect([...highlight]).toEqual([
      [pump, 'both'],
      [standIn, 'dependent'],
      [tank, 'dependency'],
    ]);
  });
});

describe('a cycle of DEPENDS_ON', () => {
  const drawn = () => {
    const board = new BoardDocument(new Y.Doc());
    const [a, b, c] = ['A', 'B', 'C'].map((text) => board.addNode({ x: 0, y: 0, text })) as [
      string,
      string,
      string,
    ];
    const warnings: string[] = [];
    const asked: string[][] = [];
    const stop = watchCycles(
      board,
      (warning) => warnings.push(warning),
      (from, to) => {
        asked.push([from.id, to.id]);
        return Promise.resolve(true);
      },
    );
    return { board, a, b, c, warnings, asked, stop };
  };

  it('is warned of when an edge closes it, with its way', () => {
    const { board, a, b, c, warnings, asked } = drawn();
    board.connect(a, b, 'DEPENDS_ON');
    board.connect(b, c, 'DEPENDS_ON');
    board.connect(c, a, 'CONNECTS');
    expect(warnings).toEqual([]);
    board.connect(c, a, 'DEPENDS_ON');
    expect(warnings).toEqual([expect.stringContaining('“A” → “B” → “C” → “A”')]);
    expect(asked).toEqual([]);
  });

  it('is warned of when an edge becomes one that closes it, and not when others draw it', () => {
    const { board, a, b, warnings, stop } = drawn();
    board.connect(a, b, 'DEPENDS_ON');
    const back = board.connect(b, a, 'CONNECTS')!;
    board.describeEdge(back, { label: '', type: 'depends on' });
    expect(warnings).toHaveLength(1);
    stop();

    const twin = new BoardDocument(new Y.Doc());
    const others: string[] = [];
    watchCycles(
      twin,
      (warning) => others.push(warning),
      () => Promise.resolve(false),
    );
    Y.applyUpdate(twin.nodes.doc!, Y.encodeStateAsUpdate(board.nodes.doc!));
    expect(twin.edges.size).toBe(2);
    expect(others).toEqual([]);
  });

  it('through other boards is asked of the server', async () => {
    const { board, a, b, warnings, asked } = drawn();
    board.addNode({ x: 0, y: 0, entity: 'contract' });
    board.connect(a, b, 'DEPENDS_ON');
    expect(asked).toEqual([[b, a]]);
    await Promise.resolve();
    expect(warnings).toEqual([expect.stringContaining('other boards')]);
  });

  it('is not found where there is none', () => {
    const { board, a, b, c } = drawn();
    board.connect(a, b, 'DEPENDS_ON');
    expect(pathBetween(board, a, b)).toEqual([a, b]);
    expect(pathBetween(board, b, a)).toBeUndefined();
    expect(pathBetween(board, a, c)).toBeUndefined();
  });
});
