import * as Y from 'yjs';
import { DEFAULT_EDGE_TYPE, edgeTypeOf } from './edgeType';

/** A node as the document has it, read tolerantly: other programs write boards too. */
export interface BoardNode {
  readonly id: string;
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly text: string;
  readonly color: string | undefined;
  /** The entity that this node stands for, if any. */
  readonly entity: string | undefined;
}

/** An edge as the document has it. */
export interface BoardEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly type: string;
  readonly label: string;
}

/** Size of a new node, in the board's units (pixels at zoom 1). */
export const NODE_SIZE = { width: 184, height: 92 } as const;

/** Bounds of a node's size, in the board's units; what lies outside is drawn at the bound. */
export const NODE_SIZE_MIN = 48;
export const NODE_SIZE_MAX = 4_000;

/** Reads a node's map; undefined when the value is no map at all. */
export function readNode(id: string, value: unknown): BoardNode | undefined {
  const field = fieldsOf(value);
  if (field === undefined) {
    return undefined;
  }
  return {
    id,
    type: stringOr(field('type'), 'note'),
    x: numberOr(field('x'), 0),
    y: numberOr(field('y'), 0),
    width: sizeOr(field('width'), NODE_SIZE.width),
    height: sizeOr(field('height'), NODE_SIZE.height),
    text: textOf(field('text')),
    color: optionalString(field('color')),
    entity: optionalString(field('entity')),
  };
}

/** Reads an edge's map; undefined when it does not say what it connects. */
export function readEdge(id: string, value: unknown): BoardEdge | undefined {
  const field = fieldsOf(value);
  const source = field?.('source');
  const target = field?.('target');
  if (field === undefined || typeof source !== 'string' || typeof target !== 'string') {
    return undefined;
  }
  const type = field('type');
  return {
    id,
    source,
    target,
    type: type === undefined ? DEFAULT_EDGE_TYPE : edgeTypeOf(type),
    label: textOf(field('label')),
  };
}

/** A shared text, or a plain string, as a string. */
export function textOf(value: unknown): string {
  if (value instanceof Y.Text) {
    return value.toString();
  }
  return typeof value === 'string' ? value : '';
}

function fieldsOf(value: unknown): ((key: string) => unknown) | undefined {
  if (value instanceof Y.Map) {
    return (key) => value.get(key) as unknown;
  }
  if (typeof value === 'object' && value !== null && !(value instanceof Y.AbstractType)) {
    return (key) => (value as Record<string, unknown>)[key];
  }
  return undefined;
}

function stringOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value : otherwise;
}

function optionalString(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}

function sizeOr(value: unknown, otherwise: number): number {
  return Math.min(NODE_SIZE_MAX, Math.max(NODE_SIZE_MIN, numberOr(value, otherwise)));
}
