import { ReactFlowProvider } from '@xyflow/react';
import { useEffect, useState } from 'react';
import type { BoardName } from '../board/boardName';
import { BoardSession } from '../board/boardSession';
import { SessionContext } from '../board/sessionContext';
import { Canvas } from '../canvas/Canvas';
import { ConnectDialog } from '../canvas/ConnectDialog';
import { rememberBoard } from '../list/recentBoards';
import { BoardPreview } from '../panels/BoardPreview';
import { HistoryPanel } from '../panels/HistoryPanel';
import { RelationsPanel } from '../panels/RelationsPanel';
import { SearchDialog } from '../search/SearchDialog';
import { useSignal } from '../signal';
import { Notices } from './Notices';
import { ShareDialog } from './ShareDialog';
import { ShortcutsDialog } from './ShortcutsDialog';
import { SignInDialog } from './SignInDialog';
import { TopBar } from './TopBar';

interface BoardPageProps {
  readonly name: BoardName;
  /** The node to look at, from the address. */
  readonly element: string | undefined;
}

/** The page of one board. It lives as long as its session; another board is another page. */
export function BoardPage({ name, element }: BoardPageProps) {
  const [session, setSession] = useState<BoardSession>();
  useEffect(() => {
    const opened = new BoardSession(name);
    setUpNewBoard(opened);
    setSession(opened);
    return () => opened.destroy();
    // The page's key is the board's address: another board never reuses this component.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return session === undefined ? null : (
    <SessionContext value={session}>
      <ReactFlowProvider>
        <OpenBoard session={session} element={element} />
      </ReactFlowProvider>
    </SessionContext>
  );
}

function OpenBoard({
  session,
  element,
}: {
  readonly session: BoardSession;
  readonly element: string | undefined;
}) {
  const title = useSignal(session.title);
  const overlay = useSignal(session.overlay);
  const panel = useSignal(session.panel);
  const preview = useSignal(session.preview);
  const close = () => session.overlay.set(undefined);
  useEffect(() => {
    const shown = title === '' ? session.name.name : title;
    document.title = `${shown} · Boardwalk`;
    rememberBoard(session.name, shown);
  }, [session, title]);
  return (
    <div className="board-page">
      <TopBar session={session} />
      <Canvas session={session} element={element} />
      <Notices session={session} />
      {preview !== undefined && <BoardPreview preview={preview} />}
      {panel === 'relations' && <RelationsPanel session={session} />}
      {panel === 'history' && <HistoryPanel session={session} />}
      {overlay === 'search' && <SearchDialog project={session.name.project} onClose={close} />}
      {overlay === 'shortcuts' && <ShortcutsDialog onClose={close} />}
      {overlay === 'share' && <ShareDialog session={session} onClose={close} />}
      {overlay === 'sign-in' && <SignInDialog onClose={close} />}
      {overlay === 'connect' && <ConnectDialog session={session} onClose={close} />}
    </div>
  );
}

/** A board that was just made in the list of boards gets its title now. */
function setUpNewBoard(session: BoardSession): void {
  const state: unknown = window.history.state;
  if (
    typeof state === 'object' &&
    state !== null &&
    'newTitle' in state &&
    typeof state.newTitle === 'string'
  ) {
    const title = state.newTitle;
    window.history.replaceState(null, '');
    session.connection.whenOpened(() => session.document.setUp(title));
  }
}
