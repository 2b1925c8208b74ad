import * as Y from 'yjs';
import { NODE_SIZE, readNode, textOf } from './boardContent';
import { BoardHistory, OWN_EDIT } from './boardHistory';
import { DEFAULT_COLOR } from './colors';
import { DEFAULT_EDGE_TYPE, edgeTypeOf } from './edgeType';
import { newId } from './newId';
import { writeText } from './textEdit';

/** Origin of what the page itself writes into a board that is being made; it cannot be undone. */
export const SETUP = Symbol('setup');

/** The entity type of a board, kept in `meta.type`. */
export const BOARD_TYPE = 'board';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What a new node starts with; what is left out gets the usual. */
export interface NewNode extends Point, Partial<Size> {
  readonly text?: string;
  readonly color?: string;
  readonly type?: string;
  readonly entity?: string;
}

/**
 * A board's shared document: the root maps `nodes`, `edges` and `meta`, and every way in which this page edits
 * them. Each method is one transaction and one step of undo; only typing into the same text within half a second
 * is joined into one step.
 */
export class BoardDocument {
  readonly nodes: Y.Map<unknown>;
  readonly edges: Y.Map<unknown>;
  readonly meta: Y.Map<unknown>;
  readonly history: BoardHistory;

  constructor(readonly doc: Y.Doc) {
    this.nodes = doc.getMap('nodes');
    this.edges = doc.getMap('edges');
    this.meta = doc.getMap('meta');
    this.history = new BoardHistory([this.nodes, this.edges, this.meta]);
  }

  addNode(node: NewNode): string {
    const [id] = this.step(() => [this.insertNode(node)]);
    return id!;
  }

  /** A new node with an edge from an existing one, as one step. */
  addConnectedNode(source: string, node: NewNode): string {
    return this.step(() => {
      const id = this.insertNode(node);
      this.insertEdge(source, id);
      return id;
    });
  }

  moveNodes(places: ReadonlyMap<string, Point>): void {
    this.step(() => {
      for (const [id, { x, y }] of places) {
        this.set(id, { x: Math.round(x), y: Math.round(y) });
      }
    });
  }

  resizeNode(id: string, box: Point & Size): void {
    this.step(() =>
      this.set(id, {
        x: Math.round(box.x),
        y: Math.round(box.y),
        width: Math.round(box.width),
        height: Math.round(box.height),
      }),
    );
  }

  recolor(ids: Iterable<string>, color: string): void {
    this.step(() => {
      for (const id of ids) {
        this.set(id, { color });
      }
    });
  }

  /** The shared text of a node. A text that another program wrote as a plain string becomes a shared one. */
  nodeText(id: string): Y.Text | undefined {
    const node = this.nodeMap(id);
    return node === undefined ? undefined : this.sharedText(node, 'text');
  }

  /** The shared text of the board's title. */
  title(): Y.Text {
    return this.sharedText(this.meta, 'title');
  }

  titleText(): string {
    return textOf(this.meta.get('title'));
  }

  /** Types into a shared text: only the difference is written, so that it merges with what others type. */
  type(text: Y.Text, after: string, caret?: number): void {
    this.history.typingInto(text);
    this.edit(() => writeText(text, after, caret));
  }

  /** Makes a typed-in node as tall as its text without making a step of undo of its own. */
  growNode(id: string, height: number): void {
    this.edit(() => this.set(id, { height: Math.round(height) }));
  }

  /** Connects two nodes; answers the edge that does so already, if there is one of that type. */
  connect(source: string, target: string, type: string = DEFAULT_EDGE_TYPE): string | undefined {
    if (source === target || !this.nodes.has(source) || !this.nodes.has(target)) {
      return undefined;
    }
    for (const [id, edge] of this.edges) {
      if (
        edge instanceof Y.Map &&
        edge.get('source') === source &&
        edge.get('target') === target &&
        edgeTypeOf(edge.get('type')) === type
      ) {
        return id;
      }
    }
    return this.step(() => this.insertEdge(source, target, type));
  }

  describeEdge(id: string, { label, type }: { readonly label: string; readonly type: string }): void {
    const edge = this.edges.get(id);
    if (edge instanceof Y.Map) {
      this.step(() => {
        setIfNew(edge, 'label', label);
        setIfNew(edge, 'type', edgeTypeOf(type));
      });
    }
  }

  turnEdge(id: string): void {
    const edge = this.edges.get(id);
    if (edge instanceof Y.Map) {
      const [source, target] = [edge.get('source'), edge.get('target')];
      this.step(() => {
        edge.set('source', target);
        edge.set('target', source);
      });
    }
  }

  /** Deletes nodes and edges, and with a node the edges that end at it. */
  remove(nodeIds: ReadonlySet<string>, edgeIds: ReadonlySet<string>): void {
    this.step(() => {
      for (const [id, edge] of this.edges) {
        const ends = edge instanceof Y.Map ? [edge.get('source'), edge.get('target')] : [];
        if (edgeIds.has(id) || ends.some((end) => typeof end === 'string' && nodeIds.has(end))) {
          this.edges.delete(id);
        }
      }
      nodeIds.forEach((id) => this.nodes.delete(id));
    });
  }

  /** Copies nodes, and the edges among them, a little aside; answers the copies' ids. */
  duplicate(ids: ReadonlySet<string>, aside: Point): string[] {
    return this.step(() => {
      const copies = new Map<string, string>();
      for (const id of ids) {
        const node = this.nodes.get(id);
        if (node instanceof Y.Map) {
          const copy = newId();
          const clone = node.clone();
          clone.set('x', Number(node.get('x') ?? 0) + aside.x);
          clone.set('y', Number(node.get('y') ?? 0) + aside.y);
          this.nodes.set(copy, clone);
          copies.set(id, copy);
        }
      }
      for (const edge of [...this.edges.values()]) {
        const source = edge instanceof Y.Map ? copies.get(String(edge.get('source'))) : undefined;
        const target = edge instanceof Y.Map ? copies.get(String(edge.get('target'))) : undefined;
        if (edge instanceof Y.Map && source !== undefined && target !== undefined) {
          const clone = edge.clone();
          clone.set('source', source);
          clone.set('target', target);
          this.edges.set(newId(), clone);
        }
      }
      return [...copies.values()];
    });
  }

  /** Gives a board that is being made its title and type. */
  setUp(title: string): void {
    this.doc.transact(() => {
      if (!this.meta.has('title')) {
        this.meta.set('title', new Y.Text(title));
      }
      this.meta.set('type', BOARD_TYPE);
    }, SETUP);
  }

  destroy(): void {
    this.history.destroy();
  }

  private step<T>(change: () => T): T {
    this.history.nextStep();
    const result = this.edit(change);
    this.history.nextStep();
    return result;
  }

  private edit<T>(change: () => T): T {
    if (!this.meta.has('type')) {
      this.doc.transact(() => this.meta.set('type', BOARD_TYPE), SETUP);
    }
    return this.doc.transact(change, OWN_EDIT);
  }

  private insertNode(node: NewNode): string {
    const id = newId();
    const fields: [string, unknown][] = [
      ['type', node.type ?? 'note'],
      ['x', Math.round(node.x)],
      ['y', Math.round(node.y)],
      ['width', node.width ?? NODE_SIZE.width],
      ['height', node.height ?? NODE_SIZE.height],
      ['text', new Y.Text(node.text ?? '')],
      ['color', node.color ?? DEFAULT_COLOR],
    ];
    if (node.entity !== undefined) {
      fields.push(['entity', node.entity]);
    }
    this.nodes.set(id, new Y.Map(fields));
    return id;
  }

  private insertEdge(source: string, target: string, type: string = DEFAULT_EDGE_TYPE): string {
    const id = newId();
    this.edges.set(
      id,
      new Y.Map<unknown>([
        ['source', source],
        ['target', target],
        ['type', type],
        ['label', ''],
      ]),
    );
    return id;
  }

  private set(id: string, fields: Record<string, unknown>): void {
    const node = this.nodeMap(id);
    if (node !== undefined) {
      for (const [key, value] of Object.entries(fields)) {
        setIfNew(node, key, value);
      }
    }
  }

  /** A node's shared map. A node that another program wrote as plain JSON becomes a shared one. */
  private nodeMap(id: string): Y.Map<unknown> | undefined {
    const node = this.nodes.get(id);
    if (node instanceof Y.Map) {
      return node as Y.Map<unknown>;
    }
    if (readNode(id, node) === undefined) {
      return undefined;
    }
    const { text, ...others } = node as Record<string, unknown>;
    const map = new Y.Map<unknown>(Object.entries(others));
    map.set('text', new Y.Text(textOf(text)));
    this.doc.transact(() => this.nodes.set(id, map), SETUP);
    return map;
  }

  private sharedText(owner: Y.Map<unknown>, key: string): Y.Text {
    const value = owner.get(key);
    if (value instanceof Y.Text) {
      return value;
    }
    const text = new Y.Text(typeof value === 'string' ? value : '');
    this.doc.transact(() => owner.set(key, text), SETUP);
    return text;
  }
}

/** Setting what is there already would be an edit for nothing, to be stored for ever. */
function setIfNew(map: Y.Map<unknown>, key: string, value: unknown): void {
  if (map.get(key) !== value) {
    map.set(key, value);
  }
}
