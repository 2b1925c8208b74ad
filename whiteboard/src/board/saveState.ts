/**
 * What may honestly be said about a board's changes. Nothing here is an estimate: `saved` is only said after the
 * server confirmed, after its database commit, everything this page sent before.
 */
export type SaveSign =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'saved' }
  | { readonly kind: 'saving'; readonly changes: number }
  | { readonly kind: 'stalled'; readonly changes: number }
  | { readonly kind: 'refused'; readonly changes: number }
  | { readonly kind: 'offline'; readonly changes: number };

/** Without any confirmation for this long the sign says that the server cannot save, in milliseconds. */
export const STALLED_AFTER_MILLIS = 3_000;

/** Marks leave at most this often, in milliseconds: typing makes some ten changes a second, one mark covers them. */
export const MARK_INTERVAL_MILLIS = 100;

/**
 * The bookkeeping behind the save sign: pure logic, told what happened and when, asked what to send and to say.
 *
 * Every change that this page sends raises `latest`. A mark (message 102) carries `latest` to the server, which
 * sends it back only after everything before it on the same socket is committed. So a returned mark of `latest`
 * means that all is saved. A mark is on its way alone: the next one waits for its return, which bounds what a
 * stalled server has to hold.
 *
 * A new connection puts everything in doubt: what was sent on the old one may be lost. The same holds whenever
 * the server asks for what it lacks (SyncStep1), since our answer must be confirmed too. Both raise `latest`.
 */
export class SaveState {
  /** Number of the newest thing that has to be confirmed. */
  private latest = 0;
  /** Highest number confirmed. */
  private confirmed = 0;
  /** Changes made here and not confirmed yet. */
  private changes: number;
  private connected = false;
  /** Whether the server's SyncStep1 was answered; before, a mark would not cover changes made offline. */
  private answered = false;
  /** The mark on its way, if any, and how many of the changes it covers. */
  private inFlight: { readonly version: number; readonly changes: number } | undefined;
  private lastMarkAt = Number.NEGATIVE_INFINITY;
  /** Since when this connection owes a confirmation. */
  private waitingSince = 0;
  private everSaved = false;
  /** Whether the server has said on this connection that it takes no changes. */
  private refusing = false;
  /** Whether the server ended the connection for good. */
  private over = false;

  /** @param kept unconfirmed changes that an earlier visit left on this device */
  constructor(kept = 0) {
    this.changes = kept;
  }

  /** A change made on this page was handed to the connection (or kept, when there is none). */
  changed(now: number): void {
    this.changes++;
    this.owe(now);
  }

  /** Something that is not a new change was handed to the connection, for example what another tab left. */
  resent(now: number): void {
    this.owe(now);
  }

  connectionOpened(now: number): void {
    this.connected = true;
    this.over = false;
    this.refusing = false;
    this.doubtEverything();
    this.waitingSince = now;
  }

  connectionClosed(): void {
    this.connected = false;
    this.doubtEverything();
  }

  /** The server said no, and no connection is tried any more. */
  ended(): void {
    this.over = true;
  }

  /** The server took none of what was sent: marks that come back say nothing of changes on this connection. */
  denied(): void {
    this.refusing = true;
    this.changes = Math.max(1, this.changes);
  }

  /** The server's SyncStep1 has been answered: what it lacked is on its way, before any later mark. */
  syncAnswered(now: number): void {
    this.answered = true;
    this.owe(now);
  }

  /** The version to send as a mark now, if one is due; it counts as sent. */
  takeMark(now: number): number | undefined {
    if (this.markDueIn(now) !== 0) {
      return undefined;
    }
    this.inFlight = { version: this.latest, changes: this.changes };
    this.lastMarkAt = now;
    return this.latest;
  }

  /** The server returned a mark. Marks of earlier connections cannot come: their socket is gone. */
  markReturned(version: number, now: number): void {
    if (this.inFlight === undefined || version !== this.inFlight.version) {
      return;
    }
    this.confirmed = version;
    if (!this.refusing) {
      this.changes -= this.inFlight.changes;
    }
    this.inFlight = undefined;
    this.waitingSince = now;
    this.everSaved = true;
  }

  /** Changes made here that the server has not confirmed. */
  unconfirmed(): number {
    return this.changes;
  }

  sign(now: number): SaveSign {
    if (!this.connected) {
      return this.changes > 0 || this.everSaved || this.over
        ? { kind: 'offline', changes: this.changes }
        : { kind: 'connecting' };
    }
    if (this.refusing) {
      return { kind: 'refused', changes: this.changes };
    }
    if (!this.owing()) {
      return { kind: 'saved' };
    }
    if (now - this.waitingSince >= STALLED_AFTER_MILLIS) {
      return { kind: 'stalled', changes: this.changes };
    }
    return this.changes > 0 ? { kind: 'saving', changes: this.changes } : { kind: 'connecting' };
  }

  /** Milliseconds until a mark is due or the sign changes by itself; undefined when only an event can change it. */
  nextWakeIn(now: number): number | undefined {
    const stalledIn = this.waitingSince + STALLED_AFTER_MILLIS - now;
    const stall = this.connected && this.owing() && stalledIn > 0 ? stalledIn : undefined;
    const mark = this.markDueIn(now);
    if (mark === undefined || stall === undefined) {
      return mark ?? stall;
    }
    return Math.min(mark, stall);
  }

  private owing(): boolean {
    return !this.answered || this.confirmed < this.latest;
  }

  private owe(now: number): void {
    if (!this.owing()) {
      this.waitingSince = now;
    }
    this.latest++;
  }

  private markDueIn(now: number): number | undefined {
    const due = this.connected && this.answered && this.inFlight === undefined && this.owing();
    return due ? Math.max(0, this.lastMarkAt + MARK_INTERVAL_MILLIS - now) : undefined;
  }

  private doubtEverything(): void {
    this.answered = false;
    this.inFlight = undefined;
    this.latest++;
  }
}
