import { accessToken, readToken } from '../board/accessToken';
import type { BoardName } from '../board/boardName';
import { keep, recall } from '../storage';

/** A board that this browser had open. */
export interface RecentBoard extends BoardName {
  readonly title: string;
  readonly openedAt: number;
}

/** Under which they are kept: what somebody opened in one organisation is no business of another. */
function key(): string {
  const organisation = readToken(accessToken())?.organisation;
  return organisation === undefined ? 'boardwalk.recent' : `boardwalk.recent:${organisation}`;
}

/** Boards remembered; older ones fall off. */
const RECENT_MAX = 50;

/** Notes that a board is open now, so that the list of boards knows it before the server has indexed it. */
export function rememberBoard({ project, name }: BoardName, title: string): void {
  const others = recentBoards().filter((board) => board.project !== project || board.name !== name);
  const boards = [{ project, name, title, openedAt: Date.now() }, ...others].slice(0, RECENT_MAX);
  keep(key(), JSON.stringify(boards));
}

/** The boards that this browser had open, latest first. */
export function recentBoards(): RecentBoard[] {
  try {
    const boards: unknown = JSON.parse(recall(key()) ?? '[]');
    return Array.isArray(boards) ? boards.filter(isRecentBoard) : [];
  } catch {
    return [];
  }
}

function isRecentBoard(value: unknown): value is RecentBoard {
  const board = value as Partial<RecentBoard> | null;
  return (
    typeof board?.project === 'string' &&
    typeof board.name === 'string' &&
    typeof board.title === 'string' &&
    typeof board.openedAt === 'number'
  );
}
