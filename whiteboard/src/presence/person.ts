import type { Point } from '../board/boardDocument';

/** Somebody who has the board open, as awareness tells it; everything from others is checked before use. */
export interface Person {
  readonly clientId: number;
  readonly name: string;
  /** Index of the person's colour among `--person-0` … `--person-9`. */
  readonly color: number;
  readonly cursor: Point | undefined;
  readonly selection: readonly string[];
  readonly drags: ReadonlyMap<string, Point>;
}

export const PERSON_COLORS = 10;

/** Longest name shown, in characters. */
export const PERSON_NAME_MAX = 40;

/** Most nodes whose drag or selection is told to others; a bigger one shows when it is let go. */
export const TOLD_NODES_MAX = 200;

/** Everybody's colour follows from the name, so that it is the same in every window without anyone choosing. */
export function personColor(name: string): number {
  let hash = 7;
  for (const letter of name) {
    hash = (hash * 31 + letter.codePointAt(0)!) >>> 0;
  }
  return hash % PERSON_COLORS;
}

/** Reads somebody's awareness state; undefined when it says nothing about a person. */
export function readPerson(clientId: number, state: unknown): Person | undefined {
  const { user, cursor, selection, drags } = record(state) ?? {};
  const name = record(user)?.['name'];
  if (typeof name !== 'string' || name.trim() === '') {
    return undefined;
  }
  const shown = name.trim().slice(0, PERSON_NAME_MAX);
  return {
    clientId,
    name: shown,
    color: personColor(shown),
    cursor: readPoint(cursor),
    selection: Array.isArray(selection)
      ? selection.filter((id) => typeof id === 'string').slice(0, TOLD_NODES_MAX)
      : [],
    drags: readDrags(drags),
  };
}

/** The letters on somebody's avatar. */
export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '');
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters.map((word) => [...(word ?? '?')][0]!.toUpperCase()).join('');
}

function readDrags(value: unknown): ReadonlyMap<string, Point> {
  const drags = new Map<string, Point>();
  for (const [id, place] of Object.entries(record(value) ?? {}).slice(0, TOLD_NODES_MAX)) {
    const point = readPoint(place);
    if (point !== undefined) {
      drags.set(id, point);
    }
  }
  return drags;
}

function readPoint(value: unknown): Point | undefined {
  const { x, y } = record(value) ?? {};
  return typeof x === 'number' && typeof y === 'number' && Number.isFinite(x) && Number.isFinite(y)
    ? { x, y }
    : undefined;
}

function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}
