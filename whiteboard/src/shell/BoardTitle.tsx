import { useState } from 'react';
import type { BoardSession } from '../board/boardSession';
import { SharedTextField } from '../canvas/SharedTextField';
import { useSignal } from '../signal';

/** Id of the title, so that the shortcut finds it. */
export const TITLE_ID = 'board-title';

/** The board's title: a shared text that turns into a field when it is clicked. */
export function BoardTitle({ session }: { readonly session: BoardSession }) {
  const title = useSignal(session.title);
  const loaded = useSignal(session.connection.loaded);
  const { write } = useSignal(session.access);
  const [editing, setEditing] = useState(false);
  if (editing && write) {
    return (
      <SharedTextField
        document={session.document}
        text={session.document.title()}
        className="board-title"
        label="Board title"
        singleLine
        onDone={() => setEditing(false)}
      />
    );
  }
  return (
    <h1 className="board-title">
      <button
        type="button"
        id={TITLE_ID}
        title="Edit title (T)"
        aria-label={`Board title: ${title === '' ? session.name.name : title}. Edit`}
        disabled={!loaded || !write}
        onClick={() => setEditing(true)}
      >
        {title === '' ? session.name.name : title}
      </button>
    </h1>
  );
}
