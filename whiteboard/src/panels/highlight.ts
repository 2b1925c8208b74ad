import type { BoardName } from '../board/boardName';
import type { CardNode } from '../canvas/elements';
import type { Relative } from './relatives';

/** How a node is related to the selected one. */
export type Kinship = 'dependent' | 'dependency' | 'both';

/** Kinships by node; nodes that are not in it stand back. */
export type Highlight = ReadonlyMap<string, Kinship>;

/**
 * The nodes of a board that are among the relatives: as elements of it, or because they stand for an entity that is.
 */
export function highlightOf(
  board: BoardName,
  nodes: readonly CardNode[],
  dependents: readonly Relative[],
  dependencies: readonly Relative[],
): Highlight {
  const highlight = new Map<string, Kinship>();
  const standIns = new Map<string, string[]>();
  for (const { id, data } of nodes) {
    const { entity } = data.node;
    if (entity !== undefined) {
      standIns.set(entity, [...(standIns.get(entity) ?? []), id]);
    }
  }
  const mark = (relatives: readonly Relative[], kinship: Kinship) => {
    for (const { project, name, element } of relatives) {
      if (project !== board.project) {
        continue;
      }
      const ids = element === undefined ? (standIns.get(name) ?? []) : name === board.name ? [element] : [];
      for (const id of ids) {
        const known = highlight.get(id);
        highlight.set(id, known === undefined || known === kinship ? kinship : 'both');
      }
    }
  };
  mark(dependents, 'dependent');
  mark(dependencies, 'dependency');
  return highlight;
}
