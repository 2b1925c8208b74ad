import { type ReactFlowState, useReactFlow, useStore } from '@xyflow/react';
import { type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { BoardSession } from '../board/boardSession';
import { drawnColor } from '../board/colors';
import { IconButton } from '../shell/IconButton';
import { theme } from '../shell/theme';
import { useSignal } from '../signal';
import { keep, recall } from '../storage';
import type { CardNode } from './elements';
import type { Box } from './edgeShape';

const WIDTH = 176;
const HEIGHT = 116;
/** How far the overview may lag behind the board, in milliseconds. */
const FOLLOW_MILLIS = 200;

const OPEN_KEY = 'boardwalk.overview';

/**
 * The whole board in small, with the part in sight as a frame to drag; there only while some of the board is out
 * of sight. Drawn on one canvas element, and again
 * only when nodes change: panning over 10,000 nodes moves nothing but the frame.
 */
export function Overview({ session }: { readonly session: BoardSession }) {
  const nodes = useNodesNowAndThen(session);
  const [open, setOpen] = useState(() => recall(OPEN_KEY) !== 'closed');
  const toggle = () => {
    keep(OPEN_KEY, open ? 'closed' : 'open');
    setOpen(!open);
  };
  const bounds = useMemo(() => boundsOf(nodes, 0), [nodes]);
  const allInSight = useStore((state) => isInSight(bounds, state));
  if (nodes.length === 0 || allInSight) {
    return null;
  }
  return (
    <aside className="overview" aria-label="Overview">
      {open && <Map nodes={nodes} />}
      <IconButton
        icon="map"
        label={open ? 'Hide the overview' : 'Show the overview'}
        aria-expanded={open}
        onClick={toggle}
      />
    </aside>
  );
}

function Map({ nodes }: { readonly nodes: readonly CardNode[] }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const colors = useSignal(theme);
  const flow = useReactFlow();
  const bounds = useMemo(() => boundsOf(nodes, 0.06), [nodes]);
  const scale = Math.min(WIDTH / bounds.width, HEIGHT / bounds.height);
  const left = (WIDTH - bounds.width * scale) / 2 - bounds.x * scale;
  const top = (HEIGHT - bounds.height * scale) / 2 - bounds.y * scale;

  useEffect(() => {
    const frame = requestAnimationFrame(() => draw(canvas.current, nodes, scale, left, top));
    return () => cancelAnimationFrame(frame);
  }, [nodes, scale, left, top, colors]);

  const look = (event: PointerEvent) => {
    if (event.buttons === 1) {
      const { x, y } = event.currentTarget.getBoundingClientRect();
      void flow.setCenter((event.clientX - x - left) / scale, (event.clientY - y - top) / scale, {
        zoom: flow.getZoom(),
      });
    }
  };
  return (
    <div
      className="overview-map"
      aria-hidden="true"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        look(event);
      }}
      onPointerMove={look}
    >
      <canvas ref={canvas} />
      <Frame scale={scale} left={left} top={top} />
    </div>
  );
}

/** The part in sight. */
function Frame({
  scale,
  left,
  top,
}: {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}) {
  const [x, y, zoom] = useStore(({ transform }) => transform);
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  return (
    <div
      className="overview-frame"
      style={{
        transform: `translate(${(-x / zoom) * scale + left}px, ${(-y / zoom) * scale + top}px)`,
        width: (width / zoom) * scale,
        height: (height / zoom) * scale,
      }}
    />
  );
}

/** The nodes as they were a moment ago: the overview need not follow every letter that somebody types. */
function useNodesNowAndThen({ elements }: BoardSession): readonly CardNode[] {
  const [nodes, setNodes] = useState(elements.nodes);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        setNodes(elements.nodes());
      }, FOLLOW_MILLIS);
    };
    look();
    const stop = elements.subscribe(look);
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [elements]);
  return nodes;
}

function draw(
  canvas: HTMLCanvasElement | null,
  nodes: readonly CardNode[],
  scale: number,
  left: number,
  top: number,
) {
  const paper = canvas?.getContext('2d');
  if (canvas === null || paper === null || paper === undefined) {
    return;
  }
  const density = window.devicePixelRatio;
  canvas.width = WIDTH * density;
  canvas.height = HEIGHT * density;
  paper.scale(density, density);
  const style = getComputedStyle(document.documentElement);
  const paints: Record<string, string> = {};
  for (const { position, width = 0, height = 0, data } of nodes) {
    const { name, css } = drawnColor(data.node.color);
    paper.fillStyle = css ?? (paints[name] ??= style.getPropertyValue(`--${name}-line`));
    const w = Math.max(1.5, width * scale);
    const h = Math.max(1.5, height * scale);
    paper.fillRect(position.x * scale + left, position.y * scale + top, w, h);
  }
}

/** Whether all of a board lies in the window: then an overview would say nothing new. */
function isInSight(bounds: Box, { transform: [x, y, zoom], width, height }: ReactFlowState): boolean {
  const [left, top] = [bounds.x * zoom + x, bounds.y * zoom + y];
  return left >= 0 && top >= 0 && left + bounds.width * zoom <= width && top + bounds.height * zoom <= height;
}

/** The box around all nodes, with a margin as a share of its longer side. */
function boundsOf(nodes: readonly CardNode[], share: number): Box {
  let [x1, y1, x2, y2] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { position, width = 0, height = 0 } of nodes) {
    x1 = Math.min(x1, position.x);
    y1 = Math.min(y1, position.y);
    x2 = Math.max(x2, position.x + width);
    y2 = Math.max(y2, position.y + height);
  }
  const margin = share === 0 ? 0 : Math.max(x2 - x1, y2 - y1) * share + 60;
  return { x: x1 - margin, y: y1 - margin, width: x2 - x1 + 2 * margin, height: y2 - y1 + 2 * margin };
}
