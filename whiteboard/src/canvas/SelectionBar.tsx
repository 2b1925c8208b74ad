import { NodeToolbar, Position } from '@xyflow/react';
import { boardPath } from '../board/boardName';
import type { BoardSession } from '../board/boardSession';
import { NODE_COLORS } from '../board/colors';
import { useSignal } from '../signal';
import { IconButton } from '../shell/IconButton';
import { keysOf } from '../shell/shortcuts';
import type { CardNode } from './elements';

interface SelectionBarProps {
  readonly session: BoardSession;
  readonly selected: readonly CardNode[];
}

/** What can be done with the selected nodes, above them. */
export function SelectionBar({ session, selected }: SelectionBarProps) {
  const editing = useSignal(session.editing);
  const { document: board, overlay, notice } = session;
  const ids = selected.map((node) => node.id);
  const only = selected.length === 1 ? selected[0] : undefined;
  if (selected.length === 0 || (editing !== undefined && only === undefined)) {
    return null;
  }
  const color = only?.data.node.color;
  const copyLink = async (id: string) => {
    try {
      await navigator.clipboard.writeText(window.location.origin + boardPath(session.name, id));
      notice.set('Link to this node copied.');
    } catch {
      notice.set('The browser did not let the link be copied.');
    }
  };
  return (
    <NodeToolbar nodeId={ids} isVisible position={Position.Top} offset={14}>
      <div className="bar selection-bar" role="toolbar" aria-label="Selected nodes">
        <span className="swatches" role="group" aria-label="Colour">
          {NODE_COLORS.map((name, i) => (
            <button
              key={name}
              type="button"
              className={`swatch color-${name}`}
              aria-label={`Colour ${name}`}
              aria-pressed={color === name}
              title={`${name} (${i + 1})`}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => board.recolor(ids, name)}
            />
          ))}
        </span>
        <span className="bar-line" aria-hidden="true" />
        {only !== undefined && (
          <>
            <IconButton
              icon="pencil"
              label="Edit text"
              shortcut="Enter"
              onClick={() => session.editing.set(only.id)}
            />
            <IconButton
              icon="connect"
              label="Connect to…"
              shortcut="C"
              onClick={() => overlay.set('connect')}
            />
            <IconButton icon="link" label="Copy a link to this node" onClick={() => void copyLink(only.id)} />
          </>
        )}
        <IconButton
          icon="copy"
          label="Duplicate"
          shortcut={keysOf('Mod + D')}
          onClick={() => session.elements.select(new Set(board.duplicate(new Set(ids), { x: 32, y: 32 })))}
        />
        <IconButton
          icon="trash"
          label="Delete"
          shortcut="Delete"
          onClick={() => board.remove(new Set(ids), new Set())}
        />
      </div>
    </NodeToolbar>
  );
}
