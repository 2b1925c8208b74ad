import type { CardNode } from './elements';

export type Direction = 'left' | 'right' | 'up' | 'down';

/**
 * The node that one means by "the next one to the right": near, and more ahead than aside. Without a start it is
 * the one furthest back against the direction, so that one can begin anywhere.
 */
export function nearestTowards(
  nodes: readonly CardNode[],
  from: CardNode | undefined,
  direction: Direction,
): CardNode | undefined {
  const sign = direction === 'left' || direction === 'up' ? -1 : 1;
  const sideways = direction === 'left' || direction === 'right';
  const ahead = (node: CardNode) => sign * (sideways ? middle(node).x : middle(node).y);
  const aside = (node: CardNode) => (sideways ? middle(node).y : middle(node).x);
  let best: CardNode | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const node of nodes) {
    const forward = from === undefined ? ahead(node) : ahead(node) - ahead(from);
    const off = from === undefined ? 0 : Math.abs(aside(node) - aside(from));
    if (from === undefined || (node.id !== from.id && forward > 0 && off <= forward * 2)) {
      const cost = forward + 2 * off;
      if (cost < bestCost) {
        best = node;
        bestCost = cost;
      }
    }
  }
  return best;
}

function middle({ position, width = 0, height = 0 }: CardNode): { x: number; y: number } {
  return { x: position.x + width / 2, y: position.y + height / 2 };
}
