/** Why the server ended a connection, in words, and whether trying again by itself makes sense. */
export interface CloseReason {
  readonly text: string;
  readonly final: boolean;
  /** Whether only a new identity helps, which a window gets by loading again. */
  readonly reload?: boolean;
  /** Whether another token may help. */
  readonly signIn?: boolean;
}

const REASONS: Readonly<Record<number, CloseReason>> = {
  1009: { text: 'A change was too big for the server, so it refused the connection.', final: true },
  1013: { text: 'The server is overloaded or cannot save at the moment. Trying again.', final: false },
  4401: { text: 'You are not signed in, or your sign-in has ended.', final: true, signIn: true },
  4403: { text: 'You may not open this board.', final: true, signIn: true },
  4404: { text: 'This board does not exist, and you may not make it.', final: true },
  4409: { text: 'Another window uses the identity of this one.', final: true, reload: true },
};

/** Reads a close event; undefined for the everyday ones, which need no words beyond "offline". */
export function closeReasonOf(code: number, reason: string): CloseReason | undefined {
  const known = REASONS[code];
  if (known !== undefined) {
    return known;
  }
  if (code === 1002 || code === 1003 || code === 1007) {
    const why = reason === '' ? '' : `: ${reason}`;
    return { text: `The server refused a change from this window${why}.`, final: true };
  }
  return undefined;
}
