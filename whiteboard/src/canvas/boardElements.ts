import type { EdgeChange, NodeChange } from '@xyflow/react';
import type * as Y from 'yjs';
import { readEdge, readNode } from '../board/boardContent';
import type { BoardDocument, Point } from '../board/boardDocument';
import { OWN_EDIT } from '../board/boardHistory';
import { type CardNode, cardOf, type LinkEdge, linkOf, sized } from './elements';

/** Runs something before the next paint; tests run it by hand. */
export type Schedule = (work: () => void) => void;

const beforeNextPaint: Schedule = (work) => {
  requestAnimationFrame(work);
};

/**
 * The document as React Flow's nodes and edges, kept in step from Yjs events: one changed node replaces one
 * object and copies two arrays of references, whatever the size of the board. What only this window knows —
 * selection, a drag under way, others' drags under way — lives here too and never enters the document.
 *
 * Others' edits are shown once per paint, one's own at once, so that typing and dragging never lag.
 */
export class BoardElements {
  private readonly nodesById = new Map<string, CardNode>();
  private readonly edgesById = new Map<string, LinkEdge>();
  private readonly listeners = new Set<() => void>();
  private nodeList: CardNode[] = [];
  private edgeList: LinkEdge[] = [];
  private staleNodes = false;
  private staleEdges = false;
  private scheduled = false;
  /** Nodes that this window drags or resizes: they follow the pointer, not the document. */
  private readonly held = new Set<string>();
  /** Where others are dragging nodes to, before they let go. */
  private dragged: ReadonlyMap<string, Point> = new Map();

  constructor(
    private readonly board: BoardDocument,
    private readonly schedule: Schedule = beforeNextPaint,
  ) {
    board.nodes.forEach((_, id) => this.readNode(id));
    board.edges.forEach((_, id) => this.readEdge(id));
    board.nodes.observeDeep(this.onNodeEvents);
    board.edges.observeDeep(this.onEdgeEvents);
  }

  /** The nodes, in a new array whenever one of them changed. */
  readonly nodes = (): CardNode[] => {
    if (this.staleNodes) {
      this.staleNodes = false;
      this.nodeList = [...this.nodesById.values()];
    }
    return this.nodeList;
  };

  readonly edges = (): LinkEdge[] => {
    if (this.staleEdges) {
      this.staleEdges = false;
      this.edgeList = [...this.edgesById.values()];
    }
    return this.edgeList;
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  node(id: string): CardNode | undefined {
    return this.nodesById.get(id);
  }

  edge(id: string): LinkEdge | undefined {
    return this.edgesById.get(id);
  }

  selectedNodes(): CardNode[] {
    return this.nodes().filter((node) => node.selected);
  }

  selectedEdges(): LinkEdge[] {
    return this.edges().filter((edge) => edge.selected);
  }

  /** The topmost node at a point of the board. */
  nodeAt({ x, y }: Point): CardNode | undefined {
    return this.nodes().findLast(
      ({ position, width = 0, height = 0 }) =>
        x >= position.x && y >= position.y && x <= position.x + width && y <= position.y + height,
    );
  }

  /** Selects exactly these nodes and edges. */
  select(nodeIds: ReadonlySet<string>, edgeIds: ReadonlySet<string> = new Set()): void {
    for (const [id, node] of this.nodesById) {
      if ((node.selected ?? false) !== nodeIds.has(id)) {
        this.putNode({ ...node, selected: nodeIds.has(id) });
      }
    }
    for (const [id, edge] of this.edgesById) {
      if ((edge.selected ?? false) !== edgeIds.has(id)) {
        this.putEdge({ ...edge, selected: edgeIds.has(id) });
      }
    }
    this.notify();
  }

  /** Takes over what React Flow reports of this window: moves under way, measured sizes, selection. */
  applyNodeChanges(changes: NodeChange<CardNode>[]): void {
    for (const change of changes) {
      const node = 'id' in change ? this.nodesById.get(change.id) : undefined;
      if (node === undefined) {
        continue;
      }
      if (change.type === 'select') {
        this.putNode({ ...node, selected: change.selected });
      } else if (change.type === 'position' && change.position !== undefined) {
        this.hold(node.id, change.dragging === true);
        this.putNode({ ...node, position: change.position, dragging: change.dragging ?? false });
      } else if (change.type === 'dimensions' && change.dimensions !== undefined) {
        this.measure(node, change.dimensions, change.resizing);
      }
    }
    this.notify();
  }

  applyEdgeChanges(changes: EdgeChange<LinkEdge>[]): void {
    for (const change of changes) {
      const edge = change.type === 'select' ? this.edgesById.get(change.id) : undefined;
      if (edge !== undefined && change.type === 'select') {
        this.putEdge({ ...edge, selected: change.selected });
      }
    }
    this.notify();
  }

  /** Shows where others are dragging nodes to; a node that is no longer in the map goes back to the document. */
  showDrags(drags: ReadonlyMap<string, Point>): void {
    const touched = new Set([...this.dragged.keys(), ...drags.keys()]);
    this.dragged = drags;
    touched.forEach((id) => this.readNode(id));
    this.notifyBeforePaint();
  }

  destroy(): void {
    this.board.nodes.unobserveDeep(this.onNodeEvents);
    this.board.edges.unobserveDeep(this.onEdgeEvents);
    this.listeners.clear();
  }

  private readonly onNodeEvents = (
    events: Y.YEvent<Y.AbstractType<unknown>>[],
    change: Y.Transaction,
  ): void => {
    changedKeys(events, this.board.nodes).forEach((id) => this.readNode(id));
    this.shown(change);
  };

  private readonly onEdgeEvents = (
    events: Y.YEvent<Y.AbstractType<unknown>>[],
    change: Y.Transaction,
  ): void => {
    changedKeys(events, this.board.edges).forEach((id) => this.readEdge(id));
    this.shown(change);
  };

  private shown(change: Y.Transaction): void {
    if (change.origin === OWN_EDIT) {
      this.notify();
    } else {
      this.notifyBeforePaint();
    }
  }

  private readNode(id: string): void {
    const node = this.board.nodes.has(id) ? readNode(id, this.board.nodes.get(id)) : undefined;
    const shown = this.nodesById.get(id);
    if (node === undefined) {
      if (this.nodesById.delete(id)) {
        this.staleNodes = true;
        this.held.delete(id);
      }
      return;
    }
    const card = cardOf(node, this.dragged.get(id));
    if (shown === undefined) {
      this.putNode(card);
    } else if (this.held.has(id)) {
      const { position, width, height, measured, handles } = shown;
      this.putNode({ ...shown, ...card, position, width, height, measured, handles });
    } else {
      this.putNode({ ...shown, ...card });
    }
  }

  private readEdge(id: string): void {
    const edge = this.board.edges.has(id) ? readEdge(id, this.board.edges.get(id)) : undefined;
    if (edge !== undefined) {
      this.putEdge({ ...this.edgesById.get(id), ...linkOf(edge) });
    } else if (this.edgesById.delete(id)) {
      this.staleEdges = true;
    }
  }

  private measure(
    node: CardNode,
    { width, height }: { width: number; height: number },
    resizing?: boolean,
  ): void {
    if (resizing !== undefined) {
      this.hold(node.id, resizing);
    }
    if (resizing === undefined || (node.width === width && node.height === height)) {
      return;
    }
    this.putNode({ ...node, ...sized(width, height) });
  }

  private hold(id: string, on: boolean): void {
    if (on) {
      this.held.add(id);
    } else {
      this.held.delete(id);
    }
  }

  private putNode(node: CardNode): void {
    this.nodesById.set(node.id, node);
    this.staleNodes = true;
  }

  private putEdge(edge: LinkEdge): void {
    this.edgesById.set(edge.id, edge);
    this.staleEdges = true;
  }

  private notify(): void {
    this.listeners.forEach((listener) => listener());
  }

  private notifyBeforePaint(): void {
    if (!this.scheduled) {
      this.scheduled = true;
      this.schedule(() => {
        this.scheduled = false;
        this.notify();
      });
    }
  }
}

/** The keys of a root map that the events touch, at whatever depth. */
function changedKeys(events: Y.YEvent<Y.AbstractType<unknown>>[], root: Y.Map<unknown>): Set<string> {
  const keys = new Set<string>();
  for (const event of events) {
    if (event.target === (root as unknown)) {
      event.changes.keys.forEach((_, key) => keys.add(key));
    } else {
      keys.add(String(event.path[0]));
    }
  }
  return keys;
}
