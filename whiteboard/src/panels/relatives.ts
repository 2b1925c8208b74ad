import { callJson, call, entityCall } from '../api';
import type { BoardName } from '../board/boardName';

/** Which way relationships are followed: to those who point here, or to those who are pointed at. */
export type Direction = 'dependents' | 'dependencies';

/** Something related to what was asked about: an entity, or a node of a board. */
export interface Relative {
  readonly project: string;
  readonly name: string;
  /** The node of the board `name`; undefined for the entity itself. */
  readonly element: string | undefined;
  readonly title: string;
  readonly type: string;
  /** Steps away; 1 is direct. */
  readonly depth: number;
}

/** What one question came to. */
export interface Relatives {
  readonly items: readonly Relative[];
  /** Whether there is more than was answered. */
  readonly truncated: boolean;
}

/** What the question is about: an entity, or one node of it. */
export interface Subject {
  readonly entity: BoardName;
  readonly element: string | undefined;
}

/** A node of a board as the server knows it: one that stands for an entity is that entity. */
export function subjectOf(
  board: BoardName,
  { id, entity }: { readonly id: string; readonly entity: string | undefined },
): Subject {
  return entity === undefined
    ? { entity: board, element: id }
    : { entity: { project: board.project, name: entity }, element: undefined };
}

/** Whether one gets from one node to another along DEPENDS_ON, as far as the server knows by now. */
export async function dependsElsewhere(
  board: BoardName,
  from: { readonly id: string; readonly entity: string | undefined },
  to: { readonly id: string; readonly entity: string | undefined },
): Promise<boolean> {
  const [start, end] = [subjectOf(board, from), subjectOf(board, to)];
  const found = await fetchRelatives(
    start,
    'dependencies',
    undefined,
    new AbortController().signal,
    'DEPENDS_ON',
  );
  return found.items.some(
    ({ project, name, element }) =>
      project === end.entity.project && name === end.entity.name && element === end.element,
  );
}

/** Relatives asked for at once; a list that nobody reads to its end need not be whole. */
const LIMIT = 500;

/** Brings what was saved of an entity into the answers to come; answers the position that they have to reach. */
export async function freshPosition(entity: BoardName, signal: AbortSignal): Promise<string | undefined> {
  const answer = await call(entityCall(entity, '?fresh=true'), { method: 'HEAD', signal });
  return answer.headers.get('boardwalk-position') ?? undefined;
}

export async function fetchRelatives(
  { entity, element }: Subject,
  direction: Direction,
  after: string | undefined,
  signal: AbortSignal,
  type?: string,
): Promise<Relatives> {
  const query = new URLSearchParams({ depth: 'all', limit: String(LIMIT) });
  if (type !== undefined) {
    query.set('type', type);
  }
  if (element !== undefined) {
    query.set('element', element);
  }
  if (after !== undefined) {
    query.set('after', after);
  }
  return readRelatives(await callJson(entityCall(entity, `/${direction}?${query}`), { signal }));
}

/** Reads an answer tolerantly: what has no name is left out, unknown fields are ignored. */
export function readRelatives(json: unknown): Relatives {
  const answer = json as { vertices?: unknown; truncated?: unknown } | null;
  const vertices = Array.isArray(answer?.vertices) ? (answer.vertices as unknown[]) : [];
  return {
    items: vertices.flatMap((vertex) => readRelative(vertex) ?? []),
    truncated: answer?.truncated === true,
  };
}

function readRelative(vertex: unknown): Relative | undefined {
  const fields = vertex as Record<string, unknown> | null;
  const text = (key: string) =>
    typeof fields?.[key] === 'string' && fields[key] !== '' ? fields[key] : undefined;
  const [name, project] = [text('name'), text('project')];
  if (name === undefined || project === undefined) {
    return undefined;
  }
  const depth = fields?.['depth'];
  return {
    project,
    name,
    element: text('element'),
    title: text('title') ?? text('element') ?? name,
    type: text('type') ?? 'document',
    depth: typeof depth === 'number' && depth >= 1 ? depth : 1,
  };
}

/** One line of the impact: how many things of a type are touched at a depth. */
export interface ImpactGroup {
  readonly depth: number;
  readonly type: string;
  readonly items: readonly Relative[];
}

/** All that would be touched, nearest first, and by type within the same distance. */
export function impactOf(dependents: readonly Relative[]): ImpactGroup[] {
  const groups = new Map<string, { depth: number; type: string; items: Relative[] }>();
  for (const relative of dependents) {
    const key = `${relative.depth} ${relative.type}`;
    const group = groups.get(key) ?? { depth: relative.depth, type: relative.type, items: [] };
    group.items.push(relative);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => a.depth - b.depth || a.type.localeCompare(b.type));
}
