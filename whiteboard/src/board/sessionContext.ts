import { createContext, useContext } from 'react';
import type { BoardSession } from './boardSession';

export const SessionContext = createContext<BoardSession | undefined>(undefined);

/** The board that the surrounding page has open. */
export function useSession(): BoardSession {
  const session = useContext(SessionContext);
  if (session === undefined) {
    throw new Error('useSession was called outside a board page');
  }
  return session;
}
