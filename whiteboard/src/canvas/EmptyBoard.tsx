import type { BoardSession } from '../board/boardSession';
import { Icon } from '../shell/Icon';
import { useSignal } from '../signal';

interface EmptyBoardProps {
  readonly session: BoardSession;
  readonly empty: boolean;
  readonly onStart: () => void;
}

/** What stands where nothing is yet: why, and how to begin. */
export function EmptyBoard({ session, empty, onStart }: EmptyBoardProps) {
  const synced = useSignal(session.connection.synced);
  const { write } = useSignal(session.access);
  const sign = useSignal(session.connection.sign);
  const closed = useSignal(session.connection.closed);
  if (!empty) {
    return null;
  }
  if (!synced) {
    return (
      <div className="empty-board" aria-live="polite">
        {closed?.final === true ? (
          <p>Nothing of this board is on this device.</p>
        ) : sign.kind === 'offline' || sign.kind === 'stalled' ? (
          <p>This board is not on this device yet. It appears as soon as the server answers.</p>
        ) : (
          <p className="opening">Opening the board…</p>
        )}
      </div>
    );
  }
  return (
    <div className="empty-board">
      <svg className="empty-picture" viewBox="0 0 240 120" aria-hidden="true">
        <path d="M86 46C112 46 118 78 150 78" />
        <rect x="12" y="22" width="74" height="46" rx="10" className="color-amber" />
        <rect x="152" y="54" width="74" height="46" rx="10" className="color-teal" />
        <path className="text" d="M28 40h42M28 50h26M168 72h42M168 82h30" />
      </svg>
      <h2>Nothing here yet</h2>
      {write ? (
        <>
          <p>
            Double-click anywhere to put down a node and type. Pull a line from its edge to connect it with
            another, or into the open to make the next one.
          </p>
          <p>Share the address: everybody on it edits with you.</p>
          <button type="button" className="button primary" onClick={onStart}>
            <Icon name="plus" /> First node <kbd>N</kbd>
          </button>
        </>
      ) : (
        <p>As soon as somebody puts something here, you see it.</p>
      )}
    </div>
  );
}
