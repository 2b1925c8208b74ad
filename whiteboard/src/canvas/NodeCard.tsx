import { Handle, type NodeProps, NodeResizer, Position, useStore } from '@xyflow/react';
import { memo, useCallback, useSyncExternalStore } from 'react';
import { boardPath } from '../board/boardName';
import type { BoardSession } from '../board/boardSession';
import { NODE_SIZE_MAX, NODE_SIZE_MIN } from '../board/boardContent';
import { drawnColor } from '../board/colors';
import { useSession } from '../board/sessionContext';
import type { Kinship } from '../panels/highlight';
import type { Person } from '../presence/person';
import { Icon } from '../shell/Icon';
import type { CardNode } from './elements';
import { SharedTextField } from './SharedTextField';

/** Below this zoom nobody can read a text or aim at a handle, so neither is rendered. */
export const FAR_ZOOM = 0.3;

/** Space that a card keeps above and below its text, in the board's units. */
const CARD_PADDING = 24;

/** Height of a line of its text; as in canvas.css. */
const LINE_HEIGHT = 21;

const SIDES = [Position.Top, Position.Right, Position.Bottom, Position.Left] as const;
const NOBODY: readonly Person[] = [];

/** A node on the canvas. */
export const NodeCard = memo(function NodeCard({ id, data, selected }: NodeProps<CardNode>) {
  const session = useSession();
  const far = useStore(({ transform }) => transform[2] < FAR_ZOOM);
  const editing = useIsEditing(session, id);
  const selectedBy = useSelectedBy(session, id);
  const { node } = data;
  const color = drawnColor(node.color);
  const style: Record<string, string> = {};
  if (color.css !== undefined && color.ink !== undefined) {
    style['--card'] = color.css;
    style['--ink'] = color.ink;
  }
  if (selectedBy[0] !== undefined) {
    style['--person'] = `var(--person-${selectedBy[0].color})`;
  }
  const kinship = useKinship(session, id);
  const classes = [
    'card',
    kinship ?? '',
    `color-${color.name}`,
    selectedBy.length > 0 ? 'selected-by-other' : '',
  ];
  if (far) {
    return <div className={`${classes.join(' ')} far`} style={style} />;
  }
  return (
    <div className={classes.join(' ')} style={style}>
      <NodeResizer
        isVisible={selected && !editing}
        minWidth={NODE_SIZE_MIN}
        minHeight={NODE_SIZE_MIN}
        maxWidth={NODE_SIZE_MAX}
        maxHeight={NODE_SIZE_MAX}
        onResizeEnd={(_, box) => session.document.resizeNode(id, box)}
      />
      {editing ? (
        <EditedText session={session} id={id} height={node.height} />
      ) : (
        <div className="card-text" style={{ WebkitLineClamp: linesIn(node.height) }}>
          {node.text}
        </div>
      )}
      {node.entity !== undefined && <EntityLink session={session} entity={node.entity} />}
      {selectedBy[0] !== undefined && (
        <span className="selected-by">{selectedBy.map(({ name }) => name).join(', ')}</span>
      )}
      {SIDES.map((side) => (
        <Handle key={side} id={side} type="source" position={side} aria-label={`Connect from the ${side}`} />
      ))}
    </div>
  );
});

function EditedText({ session, id, height }: { session: BoardSession; id: string; height: number }) {
  const text = session.document.nodeText(id);
  const grow = useCallback(
    (needed: number) => {
      const shown = session.elements.node(id)?.data.node.height ?? height;
      if (needed + CARD_PADDING > shown) {
        session.document.growNode(id, needed + CARD_PADDING);
      }
    },
    [session, id, height],
  );
  if (text === undefined) {
    return null;
  }
  return (
    <SharedTextField
      document={session.document}
      text={text}
      className="card-field"
      label="Text of the node"
      onHeight={grow}
      onDone={() => {
        if (session.editing.value() === id) {
          session.editing.set(undefined);
          focusNode(id);
        }
      }}
    />
  );
}

/** Whole lines that a card has room for: a text that is too long ends in dots, not in half a line. */
function linesIn(height: number): number {
  return Math.max(1, Math.floor((height - CARD_PADDING + 2) / LINE_HEIGHT));
}

/** A node that stands for another entity leads there. */
function EntityLink({ session, entity }: { session: BoardSession; entity: string }) {
  return (
    <a
      className="entity-link nodrag nopan"
      href={boardPath({ project: session.name.project, name: entity })}
      title={`Stands for “${entity}”. Open it`}
    >
      <Icon name="open" />
      {entity}
    </a>
  );
}

/** Gives the keyboard focus to a node that is rendered. */
export function focusNode(id: string): void {
  requestAnimationFrame(() => {
    const node = document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`);
    if (document.activeElement === document.body || document.activeElement === null) {
      node?.focus({ preventScroll: true });
    }
  });
}

/** How the node is related to the selected one, while a panel points that out. */
function useKinship({ highlight }: BoardSession, id: string): Kinship | undefined {
  return useSyncExternalStore(highlight.subscribe, () => highlight.value()?.get(id));
}

function useIsEditing(session: BoardSession, id: string): boolean {
  return useSyncExternalStore(session.editing.subscribe, () => session.editing.value() === id);
}

function useSelectedBy({ presence }: BoardSession, id: string): readonly Person[] {
  return useSyncExternalStore(
    presence.selections.subscribe,
    () => presence.selections.value().get(id) ?? NOBODY,
  );
}
