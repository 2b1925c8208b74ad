import { useEffect } from 'react';
import type { BoardSession } from '../board/boardSession';
import { TITLE_ID } from '../shell/BoardTitle';
import type { CanvasActions } from './canvasActions';
import type { Direction } from './neighbours';

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** Carries out the shortcuts of a board, except while somebody types into a field or a dialog is open. */
export function useCanvasKeys(session: BoardSession, actions: CanvasActions): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.isComposing || session.overlay.value() !== undefined || inField(event.target)) {
        return;
      }
      if (!session.access.value().write && changes(event)) {
        return;
      }
      const carryOut = shortcut(event, session, actions);
      if (carryOut !== undefined) {
        event.preventDefault();
        event.stopPropagation();
        carryOut();
      }
    };
    // Before React Flow sees the key: it moves nodes on every arrow, whatever is held down besides.
    window.addEventListener('keydown', press, { capture: true });
    return () => window.removeEventListener('keydown', press, { capture: true });
  }, [session, actions]);
}

/** Whether a key press would change the board, which those who only look cannot. */
function changes(event: KeyboardEvent): boolean {
  const key = event.key.toLowerCase();
  return event.ctrlKey || event.metaKey
    ? ['z', 'y', 'd', 'enter'].includes(key)
    : !event.altKey && (/^[1-8nct]$/.test(key) || ['enter', 'f2', 'delete', 'backspace'].includes(key));
}

/** What a key press means here; undefined leaves it to the browser and to React Flow. */
function shortcut(
  event: KeyboardEvent,
  session: BoardSession,
  actions: CanvasActions,
): (() => void) | undefined {
  const focused = focusedElement(event.target);
  if (event.ctrlKey || event.metaKey) {
    return event.altKey ? undefined : withModifier(event, session, actions, focused);
  }
  const direction = ARROWS[event.key];
  if (event.altKey) {
    return direction === undefined ? undefined : () => actions.goTowards(direction, focused);
  }
  if (isButton(event.target) && (event.key === 'Enter' || event.key === ' ')) {
    return undefined;
  }
  if (/^[1-8]$/.test(event.key)) {
    return () => actions.recolor(Number(event.key) - 1);
  }
  switch (event.key) {
    case 'n':
    case 'N':
      return () => actions.addNodeInView();
    case 'c':
    case 'C':
      return () => {
        if (focused !== undefined && session.elements.selectedNodes().length === 0) {
          session.elements.select(new Set([focused]));
        }
        actions.askForTarget();
      };
    case 't':
    case 'T':
      return () => document.getElementById(TITLE_ID)?.click();
    case 'h':
    case 'H':
      return () => session.panel.set(session.panel.value() === 'history' ? undefined : 'history');
    case 'r':
    case 'R':
      return () => session.panel.set(session.panel.value() === 'relations' ? undefined : 'relations');
    case 'Enter':
    case 'F2':
      return () => {
        if (focused !== undefined && session.elements.edge(focused) !== undefined) {
          session.elements.select(new Set(), new Set([focused]));
        }
        actions.editSelected(focused);
      };
    case 'Escape':
      return () => actions.selectNothing();
    case 'Delete':
    case 'Backspace':
      return () => actions.deleteSelected();
    case '+':
    case '=':
      return () => actions.zoom(1.25);
    case '-':
    case '−':
      return () => actions.zoom(0.8);
    case '0':
      return () => actions.fit();
    case '?':
      return () => session.overlay.set('shortcuts');
    default:
      return undefined;
  }
}

function withModifier(
  event: KeyboardEvent,
  session: BoardSession,
  actions: CanvasActions,
  focused: string | undefined,
): (() => void) | undefined {
  switch (event.key.toLowerCase()) {
    case 'z':
      return () => (event.shiftKey ? session.document.history.redo() : session.document.history.undo());
    case 'y':
      return () => session.document.history.redo();
    case 'a':
      return () => actions.selectAll();
    case 'd':
      return () => actions.duplicateSelected();
    case 'k':
      return () => session.overlay.set('search');
    case 'enter': {
      const source = focused ?? session.elements.selectedNodes()[0]?.id;
      return source === undefined ? undefined : () => actions.addConnected(source);
    }
    default:
      return undefined;
  }
}

/** The id of the node or edge that has the keyboard's focus. */
function focusedElement(target: EventTarget | null): string | undefined {
  const element = target instanceof Element ? target.closest('.react-flow__node, .react-flow__edge') : null;
  return element?.getAttribute('data-id') ?? undefined;
}

function inField(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.closest('input, textarea, select, [contenteditable], dialog') !== null
  );
}

function isButton(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, a') !== null;
}
