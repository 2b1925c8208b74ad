import { IndexeddbPersistence } from 'y-indexeddb';
import type { Awareness } from 'y-protocols/awareness';
import { messageAuth, messageSync, WebsocketProvider } from 'y-websocket';
import type * as Y from 'yjs';
import { Signal } from '../signal';
import { accessToken, readToken } from './accessToken';
import { type BoardName, deviceKeyOf, roomOf, serverUrlOf } from './boardName';
import { type CloseReason, closeReasonOf } from './closeReason';
import { encodeMark, MARK_TYPE, readMark } from './savedMark';
import { type SaveSign, SaveState } from './saveState';

/** How long the copy on this device may take to open before the board is opened without it, in milliseconds. */
const DEVICE_COPY_WAIT_MILLIS = 2_000;

/** Where the count of unconfirmed changes lies in the device's copy, so that it survives a reload offline. */
const KEPT_KEY = 'unconfirmed';

/**
 * A board's connections: to its copy on this device (IndexedDB) and to the server (y-websocket), and the honest
 * word about what is saved. The device's copy is read before the socket opens, so that the first exchange with
 * the server carries what was edited offline.
 *
 * Windows of one browser deliberately talk through the server only: a change that came from another window by
 * a short cut would be shown here as if it were the server's.
 */
export class BoardConnection {
  readonly sign = new Signal<SaveSign>({ kind: 'connecting' });
  /** Whether the board's content is here: from the device's copy or from the server. */
  readonly loaded = new Signal(false);
  /** Whether the server's content has arrived at least once. */
  readonly synced = new Signal(false);
  /** Whether changes are kept on this device; false in private windows of some browsers. */
  readonly kept = new Signal(true);
  readonly closed = new Signal<CloseReason | undefined>(undefined);
  readonly awareness: Awareness;
  /** Called each time the socket has opened. */
  onOpened: () => void = () => undefined;
  private readonly provider: WebsocketProvider;
  private readonly device: IndexeddbPersistence;
  private readonly opening: Promise<void>;
  private state = new SaveState();
  private writtenKept = 0;
  private wake: ReturnType<typeof setTimeout> | undefined;
  private destroyed = false;

  constructor(
    private readonly doc: Y.Doc,
    name: BoardName,
  ) {
    const token = accessToken();
    this.provider = new WebsocketProvider(serverUrlOf(name, window.location), roomOf(name), doc, {
      connect: false,
      disableBc: true,
      params: token === undefined ? {} : { token },
      shouldReconnect: ({ code, reason }) => closeReasonOf(code, reason)?.final !== true,
    });
    this.awareness = this.provider.awareness;
    this.device = new IndexeddbPersistence(deviceKeyOf(name, readToken(token)?.organisation), doc);
    this.listen();
    this.opening = this.open();
  }

  /** Runs once the device's copy has been read, before or after the server answers. */
  whenOpened(work: () => void): void {
    void this.opening.then(() => this.destroyed || work());
  }

  /** Tries once more after the server said no. */
  retry(): void {
    this.closed.set(undefined);
    this.provider.connect();
  }

  destroy(): void {
    this.destroyed = true;
    clearTimeout(this.wake);
    this.doc.off('update', this.onUpdate);
    window.removeEventListener('online', this.onOnline);
    window.removeEventListener('offline', this.onOffline);
    window.removeEventListener('beforeunload', this.onLeave);
    this.provider.destroy();
    void this.device.destroy();
  }

  private async open(): Promise<void> {
    const device = this.readDevice();
    const opened = await Promise.race([device, after(DEVICE_COPY_WAIT_MILLIS, undefined)]);
    if (this.destroyed) {
      return;
    }
    this.kept.set(opened !== undefined);
    // A slow device joins later; what it then brings is sent like any other change.
    void device.then((late) => late !== undefined && this.kept.set(true));
    this.state = new SaveState(opened ?? 0);
    this.writtenKept = opened ?? 0;
    if (this.doc.share.size > 0 && this.doc.store.clients.size > 0) {
      this.loaded.set(true);
    }
    this.doc.on('update', this.onUpdate);
    this.provider.connect();
    this.tell();
  }

  /** Reads the device's copy; answers how many unconfirmed changes it holds, undefined when there is no copy. */
  private async readDevice(): Promise<number | undefined> {
    try {
      await this.device.whenSynced;
      const kept: unknown = await this.device.get(KEPT_KEY);
      return typeof kept === 'number' ? kept : 0;
    } catch {
      return undefined;
    }
  }

  private listen(): void {
    this.provider.on('status', ({ status }) => {
      if (status === 'connected') {
        this.closed.set(undefined);
        this.state.connectionOpened(Date.now());
        this.onOpened();
      } else {
        this.state.connectionClosed();
      }
      this.tell();
    });
    this.provider.on('sync', (synced: boolean) => {
      if (synced) {
        this.loaded.set(true);
        this.synced.set(true);
      }
    });
    this.provider.on('connection-close', (event) => {
      const reason = event === null ? undefined : closeReasonOf(event.code, event.reason);
      if (reason !== undefined) {
        this.closed.set(reason);
        if (reason.final) {
          this.state.ended();
          this.tell();
        }
      }
    });
    this.listenToSyncRequests();
    this.provider.messageHandlers[MARK_TYPE] = (_encoder, decoder) => {
      this.state.markReturned(readMark(decoder), Date.now());
      this.tell();
    };
    this.provider.messageHandlers[messageAuth] = () => {
      this.state.denied();
      this.tell();
    };
    window.addEventListener('online', this.onOnline);
    window.addEventListener('offline', this.onOffline);
    window.addEventListener('beforeunload', this.onLeave);
  }

  /** Notes when the server asks for what it lacks; the provider sends the answer right after its handler. */
  private listenToSyncRequests(): void {
    const handler = this.provider.messageHandlers[messageSync]!;
    this.provider.messageHandlers[messageSync] = (encoder, decoder, provider, emitSynced, type) => {
      const step = decoder.arr[decoder.pos];
      handler(encoder, decoder, provider, emitSynced, type);
      if (step === SYNC_STEP_1) {
        const socket = this.provider.ws;
        queueMicrotask(() => {
          if (socket !== null && socket === this.provider.ws) {
            this.state.syncAnswered(Date.now());
            this.tell();
          }
        });
      }
    };
  }

  private readonly onUpdate = (_update: Uint8Array, origin: unknown): void => {
    if (origin === this.provider) {
      return;
    }
    if (origin === this.device) {
      this.state.resent(Date.now());
    } else {
      this.state.changed(Date.now());
    }
    this.tell();
  };

  private readonly onOnline = (): void => {
    if (this.closed.value()?.final !== true && !this.destroyed) {
      this.provider.connect();
    }
  };

  /** The browser knows that the network is gone long before a socket notices; the own machine needs no network. */
  private readonly onOffline = (): void => {
    if (!/^(localhost|127\.|\[::1\])/.test(window.location.hostname)) {
      this.provider.disconnect();
    }
  };

  /** Leaving asks first when changes are neither confirmed nor kept on this device. */
  private readonly onLeave = (event: BeforeUnloadEvent): void => {
    if (!this.kept.value() && this.state.unconfirmed() > 0) {
      event.preventDefault();
    }
  };

  /** Sends what is due, says what is true, and comes back when either changes by itself. */
  private tell(): void {
    clearTimeout(this.wake);
    const now = Date.now();
    const mark = this.state.takeMark(now);
    if (mark !== undefined) {
      this.provider.ws?.send(encodeMark(mark));
    }
    const sign = this.state.sign(now);
    if (!sameSign(sign, this.sign.value())) {
      this.sign.set(sign);
    }
    this.keepCount();
    const next = this.state.nextWakeIn(now);
    if (next !== undefined && !this.destroyed) {
      this.wake = setTimeout(() => this.tell(), next);
    }
  }

  private keepCount(): void {
    const unconfirmed = this.state.unconfirmed();
    if (this.kept.value() && unconfirmed !== this.writtenKept) {
      this.writtenKept = unconfirmed;
      this.device.set(KEPT_KEY, unconfirmed).catch(() => this.kept.set(false));
    }
  }
}

/** y-protocols: a peer tells its state vector and asks for what it lacks. */
const SYNC_STEP_1 = 0;

function sameSign(a: SaveSign, b: SaveSign): boolean {
  return a.kind === b.kind && ('changes' in a ? a.changes : 0) === ('changes' in b ? b.changes : 0);
}

function after<T>(millis: number, value: T): Promise<T> {
  return new Promise((resolve) => setTimeout(() => resolve(value), millis));
}
