import type { Awareness } from 'y-protocols/awareness';
import type { Point } from '../board/boardDocument';
import { Signal } from '../signal';
import { chooseName, ownName } from './ownName';
import { type Person, readPerson, TOLD_NODES_MAX } from './person';

/** Cursor and drag are told to others at most this often, in milliseconds. */
const TELL_INTERVAL_MILLIS = 50;

/**
 * Who is here and what they are doing, over awareness: never stored, gone when they leave. A drag is told this
 * way while it lasts and becomes an edit only when it ends, so that the document does not record every pixel.
 */
export class Presence {
  readonly me: Signal<string>;
  /** The others, oldest client id first. */
  readonly others = new Signal<readonly Person[]>([]);
  /** Where others are dragging nodes at the moment. */
  readonly drags = new Signal<ReadonlyMap<string, Point>>(new Map());
  /** Which nodes others have selected. */
  readonly selections = new Signal<ReadonlyMap<string, readonly Person[]>>(new Map());
  private untold: Record<string, unknown> = {};
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** @param user who signed in, as far as the token says */
  constructor(
    private readonly awareness: Awareness,
    user?: string,
  ) {
    this.me = new Signal(ownName(user));
    awareness.on('change', this.read);
    awareness.setLocalState({ user: { name: this.me.value() }, cursor: null, selection: [], drags: {} });
  }

  rename(name: string): void {
    const chosen = chooseName(name);
    if (chosen !== undefined) {
      this.me.set(chosen);
      this.awareness.setLocalStateField('user', { name: chosen });
    }
  }

  pointAt(cursor: Point | undefined): void {
    this.tell('cursor', cursor === undefined ? null : { x: Math.round(cursor.x), y: Math.round(cursor.y) });
  }

  select(ids: readonly string[]): void {
    this.tell('selection', ids.slice(0, TOLD_NODES_MAX));
  }

  drag(places: ReadonlyMap<string, Point>): void {
    if (places.size <= TOLD_NODES_MAX) {
      this.tell('drags', Object.fromEntries(places));
    }
  }

  /** The drag is over and its result is in the document: said at once, after the edit. */
  dropped(): void {
    this.tell('drags', {});
    this.tellNow();
  }

  /** Says who and where one is again, with a newer clock: a server that saw this window leave forgot it. */
  greet(): void {
    const state = this.awareness.getLocalState();
    if (state !== null) {
      this.awareness.setLocalState({ ...state });
    }
  }

  destroy(): void {
    clearTimeout(this.timer);
    this.awareness.off('change', this.read);
  }

  private tell(field: string, value: unknown): void {
    this.untold[field] = value;
    this.timer ??= setTimeout(() => this.tellNow(), TELL_INTERVAL_MILLIS);
  }

  private tellNow(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const state = this.awareness.getLocalState();
    if (state !== null) {
      this.awareness.setLocalState({ ...state, ...this.untold });
    }
    this.untold = {};
  }

  private readonly read = (): void => {
    const people: Person[] = [];
    const drags = new Map<string, Point>();
    const selections = new Map<string, Person[]>();
    for (const [clientId, state] of this.awareness.getStates()) {
      const person = clientId === this.awareness.clientID ? undefined : readPerson(clientId, state);
      if (person !== undefined) {
        people.push(person);
        person.drags.forEach((place, id) => drags.set(id, place));
        person.selection.forEach((id) => selections.set(id, [...(selections.get(id) ?? []), person]));
      }
    }
    people.sort((a, b) => a.clientId - b.clientId);
    this.others.set(people);
    if (drags.size > 0 || this.drags.value().size > 0) {
      this.drags.set(drags);
    }
    if (selections.size > 0 || this.selections.value().size > 0) {
      this.selections.set(selections);
    }
  };
}
