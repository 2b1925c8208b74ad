import { useStore } from '@xyflow/react';
import { useSyncExternalStore } from 'react';
import type { BoardSession } from '../board/boardSession';
import { useSignal } from '../signal';
import { Icon } from '../shell/Icon';
import { IconButton } from '../shell/IconButton';
import { keysOf } from '../shell/shortcuts';
import type { CanvasActions } from './canvasActions';

interface ToolbarProps {
  readonly session: BoardSession;
  readonly actions: CanvasActions;
}

/** The tools at the bottom of a board. */
export function Toolbar({ session, actions }: ToolbarProps) {
  const { write } = useSignal(session.access);
  const percent = useStore(({ transform }) => Math.round(transform[2] * 100));
  return (
    <div className="tools">
      <div className="bar" role="toolbar" aria-label="Tools">
        {write && <EditingTools session={session} actions={actions} />}
        <span className="wide-only zoom">
          <IconButton icon="minus" label="Zoom out" shortcut="−" onClick={() => actions.zoom(0.8)} />
          <output aria-label="Zoom">{percent}%</output>
          <IconButton icon="plus" label="Zoom in" shortcut="+" onClick={() => actions.zoom(1.25)} />
        </span>
        <IconButton icon="fit" label="Show the whole board" shortcut="0" onClick={() => actions.fit()} />
      </div>
    </div>
  );
}

/** The tools of those who may change the board. */
function EditingTools({ session, actions }: ToolbarProps) {
  const { document: board } = session;
  const subscribe = (changed: () => void) => board.history.onChange(changed);
  const canUndo = useSyncExternalStore(subscribe, () => board.history.canUndo());
  const canRedo = useSyncExternalStore(subscribe, () => board.history.canRedo());
  return (
    <>
      <button
        type="button"
        className="button primary"
        title="New node (N)"
        onClick={() => actions.addNodeInView()}
      >
        <Icon name="plus" /> Node
      </button>
      <IconButton icon="connect" label="Connect to…" shortcut="C" onClick={() => actions.askForTarget()} />
      <span className="bar-line" aria-hidden="true" />
      <IconButton
        icon="undo"
        label="Undo what you did"
        shortcut={keysOf('Mod + Z')}
        disabled={!canUndo}
        onClick={() => board.history.undo()}
      />
      <IconButton
        icon="redo"
        label="Redo"
        shortcut={keysOf('Mod + Shift + Z')}
        disabled={!canRedo}
        onClick={() => board.history.redo()}
      />
      <span className="bar-line wide-only" aria-hidden="true" />
    </>
  );
}
