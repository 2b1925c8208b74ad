import { type Viewport, useReactFlow } from '@xyflow/react';
import { useCallback, useEffect, useRef } from 'react';
import { boardPath } from '../board/boardName';
import type { BoardSession } from '../board/boardSession';
import { useSignal } from '../signal';
import { keep, recall } from '../storage';
import { type CanvasActions, VIEW_PADDING } from './canvasActions';

/** Boards with more nodes open at a zoom at which only part of them is in sight, so that they open fast. */
const MANY_NODES = 600;

/**
 * What is in sight when a board opens: the node in the address, else where one was the last time, else all of it.
 * Answers what has to be called when the view has moved, so that it is remembered.
 */
export function useFirstView(session: BoardSession, actions: CanvasActions, element: string | undefined) {
  const flow = useReactFlow();
  const loaded = useSignal(session.connection.loaded);
  const synced = useSignal(session.connection.synced);
  const settled = useRef(false);
  const lastElement = useRef<string>(undefined);
  const key = `boardwalk.view${boardPath(session.name)}`;

  useEffect(() => {
    session.look = (id) => {
      session.elements.select(new Set([id]));
      actions.look(id);
    };
  }, [session, actions]);

  useEffect(() => {
    const { elements, notice } = session;
    if (!loaded) {
      return;
    }
    if (settled.current) {
      // The address changed to another node of the board that is open already.
      if (element !== undefined && element !== lastElement.current) {
        session.look(element);
      }
      lastElement.current = element;
      return;
    }
    lastElement.current = element;
    if (element !== undefined && elements.node(element) !== undefined) {
      settled.current = true;
      session.look(element);
      return;
    }
    if (!synced && (element !== undefined || elements.nodes().length === 0)) {
      return;
    }
    settled.current = true;
    if (element !== undefined) {
      notice.set('The node in this link is not on the board any more.');
    }
    const view = recallView(key);
    const count = elements.nodes().length;
    if (view !== undefined && count > 0) {
      void flow.setViewport(view);
    } else if (count > 0) {
      void flow.fitView({
        padding: VIEW_PADDING,
        maxZoom: 1,
        ...(count > MANY_NODES ? { minZoom: 0.4 } : {}),
      });
    }
  }, [session, flow, key, loaded, synced, element]);

  return useCallback(
    (_: unknown, view: Viewport) => {
      if (settled.current) {
        keep(key, JSON.stringify(view), 'session');
      }
    },
    [key],
  );
}

function recallView(key: string): Viewport | undefined {
  try {
    const { x, y, zoom } = JSON.parse(recall(key, 'session') ?? '{}') as Partial<Viewport>;
    return x === undefined || y === undefined || zoom === undefined ? undefined : { x, y, zoom };
  } catch {
    return undefined;
  }
}
