import { type InternalNode, Position } from '@xyflow/react';

/** A rectangle in the board's units. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where an edge leaves or meets a node, and which way it points there. */
export interface EdgeEnd {
  readonly x: number;
  readonly y: number;
  readonly side: Position;
}

/** Both ends of an edge, on the sides where its nodes face each other. */
export function edgeEnds(source: Box, target: Box): readonly [EdgeEnd, EdgeEnd] {
  const dx = target.x + target.width / 2 - (source.x + source.width / 2);
  const dy = target.y + target.height / 2 - (source.y + source.height / 2);
  const gapX = Math.abs(dx) - (source.width + target.width) / 2;
  const gapY = Math.abs(dy) - (source.height + target.height) / 2;
  if (gapX >= gapY) {
    return dx >= 0
      ? [middle(source, Position.Right), middle(target, Position.Left)]
      : [middle(source, Position.Left), middle(target, Position.Right)];
  }
  return dy >= 0
    ? [middle(source, Position.Bottom), middle(target, Position.Top)]
    : [middle(source, Position.Top), middle(target, Position.Bottom)];
}

export function boxOf({ internals, width, height, measured }: InternalNode): Box {
  return {
    ...internals.positionAbsolute,
    width: measured.width ?? width ?? 0,
    height: measured.height ?? height ?? 0,
  };
}

function middle({ x, y, width, height }: Box, side: Position): EdgeEnd {
  switch (side) {
    case Position.Top:
      return { x: x + width / 2, y, side };
    case Position.Right:
      return { x: x + width, y: y + height / 2, side };
    case Position.Bottom:
      return { x: x + width / 2, y: y + height, side };
    case Position.Left:
      return { x, y: y + height / 2, side };
  }
}
