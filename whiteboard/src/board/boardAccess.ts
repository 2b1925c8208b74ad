import { callJson, entityCall } from '../api';
import type { BoardName } from './boardName';

/** What this window may do with its board, as the server says. */
export interface BoardAccess {
  readonly write: boolean;
  /** Whether others are shown where this window points. */
  readonly comment: boolean;
  /** Whom the server takes this window for; undefined without sign-in. */
  readonly user: string | undefined;
}

/** Assumed until the server has answered: it refuses what is not allowed anyway. */
export const FULL_ACCESS: BoardAccess = { write: true, comment: true, user: undefined };

/** Of a window that the server does not let in. */
export const NO_ACCESS: BoardAccess = { write: false, comment: false, user: undefined };

export async function fetchAccess(board: BoardName, signal: AbortSignal): Promise<BoardAccess> {
  return readAccess(await callJson(entityCall(board, '/access'), { signal }));
}

/** Reads an answer; what it does not say is not allowed. */
export function readAccess(json: unknown): BoardAccess {
  const fields = json as Record<string, unknown> | null;
  const user = fields?.['user'];
  return {
    write: fields?.['write'] === true,
    comment: fields?.['comment'] === true,
    user: typeof user === 'string' ? user : undefined,
  };
}
