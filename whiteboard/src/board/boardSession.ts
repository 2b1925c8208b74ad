import * as Y from 'yjs';
import { BoardElements } from '../canvas/boardElements';
import { watchCycles } from '../panels/cycleWatch';
import type { Preview } from '../panels/BoardPreview';
import type { Highlight } from '../panels/highlight';
import { dependsElsewhere } from '../panels/relatives';
import { Presence } from '../presence/presence';
import { Signal } from '../signal';
import { type BoardAccess, fetchAccess, FULL_ACCESS, NO_ACCESS } from './boardAccess';
import { accessToken, readToken } from './accessToken';
import { BoardConnection } from './boardConnection';
import { BoardDocument } from './boardDocument';
import type { BoardName } from './boardName';

/** What is open on top of the canvas, one thing at a time. */
export type Overlay = 'shortcuts' | 'connect' | 'search' | 'share' | 'sign-in' | undefined;

/** What lies at the side of the canvas, one thing at a time. */
export type Panel = 'relations' | 'history' | undefined;

/**
 * One opened board with everything that belongs to it, from opening the page until leaving it. Panels that come
 * to the page get this and need nothing else: `document` to edit, `elements` to select, `look` to move the view.
 */
export class BoardSession {
  readonly document: BoardDocument;
  readonly connection: BoardConnection;
  readonly elements: BoardElements;
  readonly presence: Presence;
  readonly title: Signal<string>;
  /** The node whose text is being typed, if any. */
  readonly editing = new Signal<string | undefined>(undefined);
  readonly overlay = new Signal<Overlay>(undefined);
  readonly panel = new Signal<Panel>(undefined);
  /** The nodes that a panel points out; undefined while none does. */
  readonly highlight = new Signal<Highlight | undefined>(undefined);
  /** The moment of the board's history that is shown in its place, if any. */
  readonly preview = new Signal<Preview | undefined>(undefined);
  readonly access = new Signal<BoardAccess>(FULL_ACCESS);
  /** A sentence for the user, shown for a few seconds and read out. */
  readonly notice = new Signal<string>('');
  /** Something that is allowed and probably not meant; stays until it is put away. */
  readonly warning = new Signal<string>('');
  /** Moves the view to a node; the canvas sets it once it is there. */
  look: (nodeId: string) => void = () => undefined;
  /** Whether the server has said what may be done here. */
  private seen = false;
  private readonly doc = new Y.Doc();
  private readonly leaving = new AbortController();
  private readonly stops: (() => void)[];

  constructor(readonly name: BoardName) {
    this.document = new BoardDocument(this.doc);
    this.elements = new BoardElements(this.document);
    this.connection = new BoardConnection(this.doc, name);
    const token = readToken(accessToken());
    this.presence = new Presence(this.connection.awareness, token?.link === false ? token.user : undefined);
    this.connection.onOpened = () => {
      this.presence.greet();
      this.learnAccess();
    };
    this.title = new Signal(this.document.titleText());
    const readTitle = () => this.title.set(this.document.titleText());
    this.document.meta.observeDeep(readTitle);
    this.stops = [
      this.connection.closed.subscribe(() => this.heedRefusal()),
      this.presence.drags.subscribe(() => this.elements.showDrags(this.presence.drags.value())),
      this.elements.subscribe(() => this.tellSelection()),
      () => this.document.meta.unobserveDeep(readTitle),
      watchCycles(
        this.document,
        (warning) => this.warning.set(warning),
        (from, to) => dependsElsewhere(this.name, from, to),
      ),
    ];
  }

  /** What one may do can change while one is away: it is asked for each time the connection opens. */
  private learnAccess(): void {
    fetchAccess(this.name, this.leaving.signal)
      .then((access) => {
        if (this.access.value().write && !access.write) {
          this.editing.set(undefined);
          this.notice.set('You may look at this board, not change it.');
        } else if (!this.access.value().write && access.write && this.seen) {
          this.notice.set('You may change this board now.');
        }
        this.seen = true;
        this.access.set(access);
      })
      .catch((problem: unknown) => {
        if (!this.leaving.signal.aborted) {
          console.warn('what may be done here is unknown; the server still decides', problem);
        }
      });
  }

  /** Whom the server does not let in, or no more, cannot change anything either. */
  private heedRefusal(): void {
    if (this.connection.closed.value()?.signIn === true) {
      this.editing.set(undefined);
      this.access.set(NO_ACCESS);
    }
  }

  destroy(): void {
    this.leaving.abort();
    this.stops.forEach((stop) => stop());
    this.presence.destroy();
    this.connection.destroy();
    this.elements.destroy();
    this.document.destroy();
    this.doc.destroy();
  }

  private told = '';

  private tellSelection(): void {
    const ids = this.elements.selectedNodes().map((node) => node.id);
    const key = ids.join();
    if (key !== this.told) {
      this.told = key;
      this.presence.select(ids);
    }
  }
}
