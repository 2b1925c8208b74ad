import type { ReactFlowInstance } from '@xyflow/react';
import { NODE_SIZE } from '../board/boardContent';
import type { Point } from '../board/boardDocument';
import type { BoardSession } from '../board/boardSession';
import { NODE_COLORS } from '../board/colors';
import { EDGE_LABEL_ID } from './EdgeEditor';
import type { CardNode, LinkEdge } from './elements';
import { nearestTowards, type Direction } from './neighbours';
import { focusNode } from './NodeCard';

/** Space between a node and the new one connected to it, in the board's units. */
const GAP = 72;

/** Space that stays free around a board shown whole: bars lie above and below it. */
export const VIEW_PADDING = { top: '84px', bottom: '84px', left: '48px', right: '48px' } as const;

/** Everything that keyboard, toolbar and pointer can ask of the canvas, in one place. */
export class CanvasActions {
  constructor(
    private readonly session: BoardSession,
    private readonly flow: ReactFlowInstance<CardNode, LinkEdge>,
    private readonly canvas: () => HTMLElement | null,
  ) {}

  /** A new node around a point of the board, ready to be typed into. */
  addNodeAt({ x, y }: Point): void {
    const at = this.free({ x: x - NODE_SIZE.width / 2, y: y - NODE_SIZE.height / 2 }, { x: 28, y: 28 });
    this.startTyping(this.session.document.addNode({ ...at, color: this.lastColor }));
  }

  addNodeInView(): void {
    const { left, top, width, height } = this.canvas()!.getBoundingClientRect();
    this.addNodeAt(this.flow.screenToFlowPosition({ x: left + width / 2, y: top + height / 2 }));
  }

  /** A new node connected to an existing one: where it was dropped, or to the right where there is room. */
  addConnected(source: string, dropped?: Point): void {
    const from = this.session.elements.node(source);
    if (from === undefined) {
      return;
    }
    const beside = { x: from.position.x + (from.width ?? NODE_SIZE.width) + GAP, y: from.position.y };
    const at =
      dropped === undefined
        ? this.free(beside, { x: 0, y: NODE_SIZE.height + 28 })
        : { x: dropped.x - NODE_SIZE.width / 2, y: dropped.y - NODE_SIZE.height / 2 };
    const color = from.data.node.color;
    this.startTyping(
      this.session.document.addConnectedNode(source, { ...at, ...(color === undefined ? {} : { color }) }),
    );
  }

  connect(source: string, target: string): void {
    const edge = this.session.document.connect(source, target);
    if (edge !== undefined) {
      this.session.elements.select(new Set(), new Set([edge]));
    }
  }

  /** Edits what has the focus or is selected: the text of a node, or the label of an edge. */
  editSelected(focused: string | undefined): void {
    const { elements, editing } = this.session;
    const id = focused ?? elements.selectedNodes()[0]?.id;
    if (id !== undefined && elements.node(id) !== undefined) {
      elements.select(new Set([id]));
      editing.set(id);
      return;
    }
    requestAnimationFrame(() => document.getElementById(EDGE_LABEL_ID)?.focus());
  }

  askForTarget(): void {
    const { elements, overlay, notice } = this.session;
    if (elements.selectedNodes().length !== 1) {
      notice.set('Select one node first, then choose what to connect it to.');
    } else {
      overlay.set('connect');
    }
  }

  recolor(index: number): void {
    const color = NODE_COLORS[index];
    const ids = this.selectedIds();
    if (color !== undefined && ids.length > 0) {
      this.lastColor = color;
      this.session.document.recolor(ids, color);
    }
  }

  deleteSelected(): void {
    const { elements, document: board, notice } = this.session;
    const nodes = new Set(this.selectedIds());
    const edges = new Set(elements.selectedEdges().map((edge) => edge.id));
    if (nodes.size + edges.size > 0) {
      board.remove(nodes, edges);
      this.canvas()?.focus({ preventScroll: true });
      notice.set(
        `Deleted ${nodes.size + edges.size === 1 ? 'one thing' : `${nodes.size + edges.size} things`}.`,
      );
    }
  }

  duplicateSelected(): void {
    const ids = this.selectedIds();
    if (ids.length > 0) {
      const copies = this.session.document.duplicate(new Set(ids), { x: 32, y: 32 });
      this.session.elements.select(new Set(copies));
    }
  }

  selectAll(): void {
    this.session.elements.select(new Set(this.session.elements.nodes().map((node) => node.id)));
  }

  selectNothing(): void {
    this.session.elements.select(new Set());
  }

  /** Selects and focuses the nearest node in a direction; from nowhere, the one nearest to the view's middle. */
  goTowards(direction: Direction, focused: string | undefined): void {
    const { elements } = this.session;
    const from = elements.node(focused ?? '') ?? elements.selectedNodes()[0];
    const next = nearestTowards(elements.nodes(), from, direction);
    if (next !== undefined) {
      elements.select(new Set([next.id]));
      this.show(next.id);
      (document.activeElement as HTMLElement | null)?.blur();
      focusNode(next.id);
    }
  }

  /** Moves the view to a node unless it is in sight already. */
  show(id: string): void {
    const node = this.session.elements.node(id);
    const canvas = this.canvas();
    if (node === undefined || canvas === null) {
      return;
    }
    const { width = 0, height = 0, position } = node;
    const { left, top, right, bottom } = canvas.getBoundingClientRect();
    const corner = this.flow.flowToScreenPosition(position);
    const far = this.flow.flowToScreenPosition({ x: position.x + width, y: position.y + height });
    if (corner.x < left || corner.y < top || far.x > right || far.y > bottom) {
      this.look(id);
    }
  }

  /** Centres a node, at a zoom at which it can be read. */
  look(id: string): void {
    const node = this.session.elements.node(id);
    if (node !== undefined) {
      const { width = 0, height = 0, position } = node;
      const zoom = Math.max(this.flow.getZoom(), 0.9);
      void this.flow.setCenter(position.x + width / 2, position.y + height / 2, { zoom, duration: glide() });
    }
  }

  zoom(factor: number): void {
    void this.flow.zoomTo(this.flow.getZoom() * factor, { duration: glide() });
  }

  fit(): void {
    void this.flow.fitView({ padding: VIEW_PADDING, maxZoom: 1.2, duration: glide() });
  }

  private lastColor: string = NODE_COLORS[0];

  private selectedIds(): string[] {
    return this.session.elements.selectedNodes().map((node) => node.id);
  }

  private startTyping(id: string): void {
    this.session.elements.select(new Set([id]));
    this.show(id);
    this.session.editing.set(id);
  }

  /** The first place from `start` on, stepping by `step`, at which no node lies already. */
  private free(start: Point, step: Point): Point {
    let { x, y } = start;
    const taken = () =>
      this.session.elements
        .nodes()
        .some(({ position }) => Math.abs(position.x - x) < 16 && Math.abs(position.y - y) < 16);
    for (let tries = 0; tries < 50 && taken(); tries++) {
      x += step.x;
      y += step.y;
    }
    return { x, y };
  }
}

/** How long the view glides, in milliseconds; not at all for those who asked for less motion. */
function glide(): number {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 220;
}
