import {
  Background,
  BackgroundVariant,
  ConnectionMode,
  type EdgeChange,
  type NodeChange,
  type OnConnectEnd,
  ReactFlow,
  SelectionMode,
  useReactFlow,
} from '@xyflow/react';
import {
  type MouseEvent,
  type PointerEvent,
  useCallback,
  useMemo,
  useRef,
  useSyncExternalStore,
} from 'react';
import type { Point } from '../board/boardDocument';
import type { BoardSession } from '../board/boardSession';
import { Cursors } from '../presence/Cursors';
import { theme } from '../shell/theme';
import { useSignal } from '../signal';
import type { CardNode, LinkEdge } from './elements';
import { CanvasActions } from './canvasActions';
import { useCanvasKeys } from './canvasKeys';
import { ArrowHeads, EdgeLink } from './EdgeLink';
import { EmptyBoard } from './EmptyBoard';
import { useFirstView } from './firstView';
import { NodeCard } from './NodeCard';
import { Overview } from './Overview';
import { SelectionBar } from './SelectionBar';
import { Toolbar } from './Toolbar';

const NODE_TYPES = { card: NodeCard };
const EDGE_TYPES = { link: EdgeLink };

/** A connection dropped closer than this to where it began was not meant, in pixels. */
const MEANT_PIXELS = 40;

interface CanvasProps {
  readonly session: BoardSession;
  readonly element: string | undefined;
}

/** The board itself: React Flow showing the elements, and every gesture turned into an edit of the document. */
export function Canvas({ session, element }: CanvasProps) {
  const { elements, presence } = session;
  const nodes = useSyncExternalStore(elements.subscribe, elements.nodes);
  const edges = useSyncExternalStore(elements.subscribe, elements.edges);
  const canvas = useRef<HTMLDivElement>(null);
  const flow = useReactFlow<CardNode, LinkEdge>();
  const actions = useMemo(() => new CanvasActions(session, flow, () => canvas.current), [session, flow]);
  useCanvasKeys(session, actions);
  const rememberView = useFirstView(session, actions, element);
  const moves = useMoves(session);
  const { write } = useSignal(session.access);
  const colorMode = useSignal(theme);
  const highlighting = useSignal(session.highlight) !== undefined;
  const selected = useMemo(() => nodes.filter((node) => node.selected), [nodes]);

  const onEdgesChange = useCallback(
    (changes: EdgeChange<LinkEdge>[]) => elements.applyEdgeChanges(changes),
    [elements],
  );

  const connectionBegan = useRef<Point>(undefined);
  const onConnectEnd: OnConnectEnd = (event, { isValid, fromNode }) => {
    const end = 'changedTouches' in event ? event.changedTouches[0] : event;
    const began = connectionBegan.current;
    if (isValid === true || fromNode === null || end === undefined || began === undefined) {
      return;
    }
    const place = flow.screenToFlowPosition({ x: end.clientX, y: end.clientY });
    const hit = elements.nodeAt(place);
    if (hit !== undefined && hit.id !== fromNode.id) {
      actions.connect(fromNode.id, hit.id);
    } else if (hit === undefined && Math.hypot(end.clientX - began.x, end.clientY - began.y) > MEANT_PIXELS) {
      actions.addConnected(fromNode.id, place);
    }
  };

  const onPaneClick = (event: MouseEvent) => {
    if (event.detail === 2 && write) {
      actions.addNodeAt(flow.screenToFlowPosition({ x: event.clientX, y: event.clientY }));
    }
  };

  const pointAt = (event: PointerEvent) =>
    presence.pointAt(
      flow.screenToFlowPosition({ x: event.clientX, y: event.clientY }, { snapToGrid: false }),
    );

  return (
    <main
      className={highlighting ? 'canvas highlighting' : 'canvas'}
      ref={canvas}
      tabIndex={-1}
      aria-label="Board"
      onPointerMove={pointAt}
      onPointerLeave={() => presence.pointAt(undefined)}
    >
      <ReactFlow<CardNode, LinkEdge>
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        colorMode={colorMode}
        onNodesChange={moves}
        onEdgesChange={onEdgesChange}
        onConnectStart={(event) => {
          const start = 'touches' in event ? event.touches[0] : event;
          connectionBegan.current = start === undefined ? undefined : { x: start.clientX, y: start.clientY };
        }}
        onConnect={({ source, target }) => actions.connect(source, target)}
        onConnectEnd={onConnectEnd}
        onPaneClick={onPaneClick}
        onNodeDoubleClick={(_, node) => write && session.editing.set(node.id)}
        nodesDraggable={write}
        nodesConnectable={write}
        onMoveEnd={rememberView}
        connectionMode={ConnectionMode.Loose}
        connectionRadius={28}
        selectionMode={SelectionMode.Partial}
        deleteKeyCode={null}
        zoomOnDoubleClick={false}
        panOnScroll
        minZoom={0.08}
        maxZoom={3}
        nodeDragThreshold={2}
        elevateNodesOnSelect
        onlyRenderVisibleElements
        proOptions={PRO_OPTIONS}
        onError={ignoreMissingEnds}
      >
        <Background variant={BackgroundVariant.Dots} gap={24} size={1.6} />
        <ArrowHeads />
        {write && <SelectionBar session={session} selected={selected} />}
        <Cursors presence={presence} />
      </ReactFlow>
      <EmptyBoard session={session} empty={nodes.length === 0} onStart={() => actions.addNodeInView()} />
      <Toolbar session={session} actions={actions} />
      <Overview session={session} />
    </main>
  );
}

const PRO_OPTIONS = { hideAttribution: false };

/** An edge whose node somebody else deleted at the same time is not drawn, and no reason for noise. */
function ignoreMissingEnds(code: string, message: string): void {
  if (code !== '008') {
    console.warn(`React Flow ${code}: ${message}`);
  }
}

/** Takes over what React Flow moves; the document hears of it when the node is let go, others see it meanwhile. */
function useMoves({ elements, document: board, presence }: BoardSession) {
  return useCallback(
    (changes: NodeChange<CardNode>[]) => {
      elements.applyNodeChanges(changes);
      const dragged = new Map<string, Point>();
      const dropped = new Map<string, Point>();
      for (const change of changes) {
        if (change.type === 'position' && change.position !== undefined && change.dragging !== undefined) {
          (change.dragging ? dragged : dropped).set(change.id, change.position);
        }
      }
      if (dragged.size > 0) {
        presence.drag(dragged);
      }
      if (dropped.size > 0) {
        board.moveNodes(dropped);
        presence.dropped();
      }
    },
    [elements, board, presence],
  );
}
