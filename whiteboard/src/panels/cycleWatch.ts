import type * as Y from 'yjs';
import { type BoardEdge, type BoardNode, readEdge, readNode } from '../board/boardContent';
import type { BoardDocument } from '../board/boardDocument';
import { OWN_EDIT } from '../board/boardHistory';

/** The type whose cycles are worth a warning: each waits for the other. */
const WATCHED = 'DEPENDS_ON';

/** Nodes named in a warning; longer cycles are cut in the middle. */
const NAMED_MAX = 6;

/** Whether one can get from one node to another along DEPENDS_ON, by ways that leave the board. */
export type AskElsewhere = (from: BoardNode, to: BoardNode) => Promise<boolean>;

/**
 * Warns when one's own edit closes a cycle of DEPENDS_ON edges: it is allowed, and seldom meant. A way that leaves the
 * board does so through a node that stands for an entity; only with such nodes is `elsewhere` asked.
 * Answers what stops watching.
 */
export function watchCycles(
  board: BoardDocument,
  warn: (sentence: string) => void,
  elsewhere: AskElsewhere,
): () => void {
  const check = (edge: BoardEdge) => {
    const cycle = pathBetween(board, edge.target, edge.source);
    if (cycle !== undefined) {
      warn(`This edge closes a cycle: ${spoken(board, cycle)}. Each of them now depends on itself.`);
      return;
    }
    const source = readNode(edge.source, board.nodes.get(edge.source));
    const target = readNode(edge.target, board.nodes.get(edge.target));
    if (source !== undefined && target !== undefined && leavesBoard(board)) {
      elsewhere(target, source)
        .then((closed) => {
          if (closed) {
            warn('This edge closes a cycle that goes through other boards: each end now depends on itself.');
          }
        })
        .catch((problem: unknown) =>
          console.warn('whether the edge closes a cycle elsewhere is unknown', problem),
        );
    }
  };
  const look = (events: Y.YEvent<Y.AbstractType<unknown>>[], change: Y.Transaction) => {
    if (change.origin === OWN_EDIT) {
      touched(events, board.edges).forEach((id) => {
        const edge = readEdge(id, board.edges.get(id));
        if (edge?.type === WATCHED) {
          check(edge);
        }
      });
    }
  };
  board.edges.observeDeep(look);
  return () => board.edges.unobserveDeep(look);
}

function leavesBoard(board: BoardDocument): boolean {
  return [...board.nodes].some(([id, value]) => readNode(id, value)?.entity !== undefined);
}

/** The nodes along a shortest way of DEPENDS_ON edges, both ends included; undefined if there is none. */
export function pathBetween(board: BoardDocument, from: string, to: string): string[] | undefined {
  const next = new Map<string, string[]>();
  board.edges.forEach((value, id) => {
    const edge = readEdge(id, value);
    if (edge?.type === WATCHED) {
      next.set(edge.source, [...(next.get(edge.source) ?? []), edge.target]);
    }
  });
  const cameFrom = new Map<string, string | undefined>([[from, undefined]]);
  const queue = [from];
  for (let i = 0; i < queue.length; i++) {
    const node = queue[i]!;
    if (node === to) {
      return wayBack(cameFrom, to);
    }
    for (const target of next.get(node) ?? []) {
      if (!cameFrom.has(target)) {
        cameFrom.set(target, node);
        queue.push(target);
      }
    }
  }
  return undefined;
}

function wayBack(cameFrom: ReadonlyMap<string, string | undefined>, end: string): string[] {
  const way: string[] = [];
  for (let node: string | undefined = end; node !== undefined; node = cameFrom.get(node)) {
    way.unshift(node);
  }
  return way;
}

function touched(events: Y.YEvent<Y.AbstractType<unknown>>[], edges: Y.Map<unknown>): Set<string> {
  const ids = new Set<string>();
  for (const event of events) {
    if (event.target === (edges as unknown)) {
      event.changes.keys.forEach(({ action }, id) => action !== 'delete' && ids.add(id));
    } else {
      ids.add(String(event.path[0]));
    }
  }
  return ids;
}

/** The cycle as people say it: back to where it began. */
function spoken(board: BoardDocument, cycle: readonly string[]): string {
  const names = [...cycle, cycle[0]!].map((id) => {
    const text = readNode(id, board.nodes.get(id))?.text.split('\n')[0] ?? '';
    return text === '' ? 'a node without text' : `“${text.length > 24 ? `${text.slice(0, 23)}…` : text}”`;
  });
  const shown =
    names.length <= NAMED_MAX ? names : [...names.slice(0, 3), '…', ...names.slice(names.length - 2)];
  return shown.join(' → ');
}
