import { type Edge, type Node, Position } from '@xyflow/react';
import type { BoardEdge, BoardNode } from '../board/boardContent';
import type { Point } from '../board/boardDocument';
import { DEFAULT_EDGE_TYPE, wordsOf } from '../board/edgeType';

/** A node on the canvas. */
export type CardNode = Node<{ readonly node: BoardNode }, 'card'>;
/** An edge on the canvas. */
export type LinkEdge = Edge<{ readonly edge: BoardEdge }, 'link'>;

/** A node as React Flow shows it; `dragged` is where somebody else is dragging it to. */
export function cardOf(node: BoardNode, dragged: Point | undefined): CardNode {
  return {
    id: node.id,
    type: 'card',
    position: dragged ?? { x: node.x, y: node.y },
    ...sized(node.width, node.height),
    data: { node },
    ariaLabel: node.text === '' ? 'Node without text' : `Node: ${node.text}`,
  };
}

/**
 * A size with everything that React Flow would otherwise find out by rendering: with it, a node outside the
 * window is never rendered at all.
 */
export function sized(
  width: number,
  height: number,
): Pick<CardNode, 'width' | 'height' | 'measured' | 'handles'> {
  const side = (id: string, position: Position, x: number, y: number) =>
    ({ id, type: 'source', position, x, y, width: 1, height: 1 }) as const;
  return {
    width,
    height,
    measured: { width, height },
    handles: [
      side('top', Position.Top, width / 2, 0),
      side('right', Position.Right, width, height / 2),
      side('bottom', Position.Bottom, width / 2, height),
      side('left', Position.Left, 0, height / 2),
    ],
  };
}

/** An edge as React Flow shows it. */
export function linkOf(edge: BoardEdge): LinkEdge {
  const words =
    edge.label !== '' ? edge.label : edge.type === DEFAULT_EDGE_TYPE ? 'connects' : wordsOf(edge.type);
  return {
    id: edge.id,
    type: 'link',
    source: edge.source,
    target: edge.target,
    data: { edge },
    ariaLabel: `Edge: ${words}`,
  };
}
