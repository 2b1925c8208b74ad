import type { SaveSign } from '../board/saveState';

/** What the save sign says: a few words beside the title and a sentence that explains them. */
export interface SaveWords {
  readonly short: string;
  readonly long: string;
}

/**
 * Puts the save sign into words; `kept` tells whether this device keeps changes over a reload, `write` whether there
 * may be any.
 */
export function saveWords(sign: SaveSign, kept: boolean, write = true): SaveWords {
  const place = kept ? 'on this device' : 'in this window only, so keep it open';
  switch (sign.kind) {
    case 'connecting':
      return { short: 'Connecting…', long: 'Asking the server for the latest state of this board.' };
    case 'saved':
      return {
        short: 'All changes saved',
        long: 'The server has confirmed that every change is written to its database.',
      };
    case 'saving':
      return {
        short: 'Saving…',
        long: `${count(sign.changes)} on the way; not confirmed by the server yet.`,
      };
    case 'stalled':
      return {
        short: sign.changes === 0 ? 'The server is not answering' : 'The server can’t save right now',
        long:
          sign.changes === 0
            ? 'Connected, but nothing has been confirmed for some seconds.'
            : `You can go on: ${count(sign.changes)} kept ${place} until the server confirms.`,
      };
    case 'refused':
      return {
        short: `${count(sign.changes)} not taken`,
        long: `You may look at this board, not change it: the server refused ${count(sign.changes)} of yours, kept ${place}.`,
      };
    case 'offline':
      if (!write && sign.changes === 0) {
        return { short: 'Offline', long: 'What others change is shown when the connection is back.' };
      }
      return sign.changes === 0
        ? { short: 'Offline', long: 'You can go on: changes are kept and sent when the connection is back.' }
        : {
            short: `Offline, ${count(sign.changes)} kept ${kept ? 'on this device' : 'in this window'}`,
            long: `You can go on: they are kept ${place}, and sent when the connection is back.`,
          };
  }
}

function count(changes: number): string {
  return changes === 1 ? '1 change' : `${changes} changes`;
}
