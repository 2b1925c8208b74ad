import * as Y from 'yjs';
import { call, callJson, entityCall } from '../api';
import type { BoardName } from '../board/boardName';
import { BoardDocument } from '../board/boardDocument';
import { BoardElements } from '../canvas/boardElements';
import type { CardNode, LinkEdge } from '../canvas/elements';

/** A place in the board's history, as the server is asked for it. */
export type HistoryPoint = { readonly time: string } | { readonly version: string };

/** One row of the time line: a change that was written down, or a version that somebody named. */
export interface HistoryRow {
  readonly key: string;
  readonly point: HistoryPoint;
  readonly at: number;
  /** The version's name; undefined for a change. */
  readonly name: string | undefined;
  /** Who did it, in words. */
  readonly who: string;
}

/** A page of the time line. */
export interface HistoryPage {
  readonly rows: readonly HistoryRow[];
  /** Asks for older rows; undefined at the beginning of the history. */
  readonly older: string | undefined;
}

/** The board as it was, to be looked at. */
export interface BoardAt {
  readonly title: string;
  readonly nodes: readonly CardNode[];
  readonly edges: readonly LinkEdge[];
}

const PAGE = 50;

/** A page of changes, the newest first; the first page has all that is confirmed. */
export async function fetchChanges(
  board: BoardName,
  older: string | undefined,
  signal: AbortSignal,
): Promise<HistoryPage> {
  const part =
    older === undefined
      ? `/changes?limit=${PAGE}&fresh=true`
      : `/changes?limit=${PAGE}&cursor=${encodeURIComponent(older)}`;
  const page = await callJson(entityCall(board, part), { signal });
  return {
    rows: items(page).flatMap((item) => rowOfChange(item)),
    older: textOf(fieldOf(page, 'nextCursor')),
  };
}

/** The named versions, the newest first. */
export async function fetchNamed(board: BoardName, signal: AbortSignal): Promise<readonly HistoryRow[]> {
  const page = await callJson(entityCall(board, '/versions?named=true&limit=500'), { signal });
  return items(page).flatMap((item) => rowOfVersion(item));
}

/** Keeps the present board under a name. */
export async function nameVersion(board: BoardName, name: string): Promise<void> {
  await call(entityCall(board, '/versions'), { method: 'POST', body: { name } });
}

/** Leads the board back, by edits that everybody sees; answers whether anything was different. */
export async function restore(board: BoardName, point: HistoryPoint): Promise<boolean> {
  const answer = await callJson(entityCall(board, '/restore'), { method: 'POST', body: point });
  return fieldOf(answer, 'changed') === true;
}

/** The board as it was. */
export async function fetchBoardAt(
  board: BoardName,
  point: HistoryPoint,
  signal: AbortSignal,
): Promise<BoardAt> {
  const [field, value] = 'time' in point ? ['time', point.time] : ['version', point.version];
  const answer = await call(entityCall(board, `/at?${field}=${encodeURIComponent(value)}`), {
    accept: 'application/octet-stream',
    signal,
  });
  return boardOf(new Uint8Array(await answer.arrayBuffer()));
}

/** What a state of a board shows. */
export function boardOf(update: Uint8Array): BoardAt {
  const doc = new Y.Doc();
  const board = new BoardDocument(doc);
  Y.applyUpdate(doc, update);
  const elements = new BoardElements(board, (work) => work());
  const shown = { title: board.titleText(), nodes: elements.nodes(), edges: elements.edges() };
  doc.destroy();
  return shown;
}

/** Changes and named versions in one line of time, the newest first. A version stands above the change it ends with. */
export function timeLine(
  changes: readonly HistoryRow[],
  named: readonly HistoryRow[],
  complete: boolean,
): readonly HistoryRow[] {
  const oldest = changes.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
  const shown = complete ? named : named.filter(({ at }) => at >= oldest);
  return [...shown, ...changes].sort((left, right) => right.at - left.at);
}

function rowOfChange(item: unknown): HistoryRow[] {
  const [id, time] = [textOf(fieldOf(item, 'id')), textOf(fieldOf(item, 'time'))];
  if (id === undefined || time === undefined) {
    return [];
  }
  return [
    {
      key: `change ${id}`,
      point: { time },
      at: Date.parse(time),
      name: undefined,
      who: namesOf(fieldOf(item, 'authors')),
    },
  ];
}

function rowOfVersion(item: unknown): HistoryRow[] {
  const [id, time] = [textOf(fieldOf(item, 'id')), textOf(fieldOf(item, 'createdAt'))];
  const name = textOf(fieldOf(item, 'name'));
  if (id === undefined || time === undefined || name === undefined) {
    return [];
  }
  return [
    {
      key: `version ${id}`,
      point: { version: id },
      at: Date.parse(time),
      name,
      who: textOf(fieldOf(item, 'author')) ?? '',
    },
  ];
}

/** "Ada and Bob"; somebody without a name counts as somebody. */
export function namesOf(authors: unknown): string {
  const names = new Set(
    (Array.isArray(authors) ? (authors as unknown[]) : []).map(
      (author) => textOf(fieldOf(author, 'name')) ?? textOf(fieldOf(author, 'user')) ?? 'Somebody',
    ),
  );
  if (names.size > 1) {
    names.delete('Somebody');
  }
  return names.size === 0 ? 'Somebody' : new Intl.ListFormat('en').format(names);
}

function items(page: unknown): unknown[] {
  const found = fieldOf(page, 'items');
  return Array.isArray(found) ? (found as unknown[]) : [];
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[field]
    : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
