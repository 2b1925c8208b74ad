import { useState } from 'react';
import type { BoardSession } from '../board/boardSession';
import type { SaveSign } from '../board/saveState';
import { useSignal } from '../signal';
import { Icon } from './Icon';
import { saveWords } from './saveWords';

/** The honest sign of what is saved. Trouble and its end are read out; every "Saving…" would only be noise. */
export function SaveSignal({ session }: { readonly session: BoardSession }) {
  const sign = useSignal(session.connection.sign);
  const { write } = useSignal(session.access);
  const words = saveWords(sign, useSignal(session.connection.kept), write);
  const [troubled, setTroubled] = useState(false);
  const trouble = sign.kind === 'offline' || sign.kind === 'stalled' || sign.kind === 'refused';
  if (trouble && !troubled) {
    setTroubled(true);
  }
  if (!write && sign.kind === 'saved') {
    return null;
  }
  return (
    <span className={`save-sign ${sign.kind}`} title={words.long} data-save={sign.kind}>
      {sign.kind === 'saved' && <Icon name="check" />}
      {(sign.kind === 'stalled' || sign.kind === 'refused') && <Icon name="warning" />}
      {sign.kind === 'offline' && <Icon name="cloudOff" />}
      {(sign.kind === 'saving' || sign.kind === 'connecting') && (
        <span className="spinner" aria-hidden="true" />
      )}
      <span className="save-words">{words.short}</span>
      <span className="only-read-out" role="status">
        {readOut(sign.kind, troubled)}
      </span>
    </span>
  );
}

/** Without the count, which would be read out anew on every letter typed. */
function readOut(kind: SaveSign['kind'], troubled: boolean): string {
  switch (kind) {
    case 'offline':
      return 'Offline. Changes are kept until the connection is back.';
    case 'stalled':
      return 'The server can’t save right now.';
    case 'refused':
      return 'The server did not take your changes: you may look at this board only.';
    case 'saved':
      return troubled ? 'All changes saved' : '';
    case 'connecting':
    case 'saving':
      return '';
  }
}
