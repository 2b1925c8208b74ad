import { describe, expect, it } from 'vitest';
import { MARK_INTERVAL_MILLIS, SaveState, STALLED_AFTER_MILLIS } from '../src/board/saveState';

/** A page that is connected, whose handshake is answered and confirmed, at time 1000. */
function savedState(): SaveState {
  const state = new SaveState();
  state.connectionOpened(1000);
  state.syncAnswered(1000);
  state.markReturned(state.takeMark(1000)!, 1000);
  return state;
}

describe('the save sign', () => {
  it('says connecting before the first connection', () => {
    expect(new SaveState().sign(0)).toEqual({ kind: 'connecting' });
  });

  it('does not say saved when the connection opens, nor when the handshake is answered', () => {
    const state = new SaveState();
    state.connectionOpened(0);
    expect(state.sign(0).kind).toBe('connecting');
    state.syncAnswered(1);
    expect(state.sign(1).kind).toBe('connecting');
  });

  it('says saved once the mark after the handshake came back', () => {
    expect(savedState().sign(1000)).toEqual({ kind: 'saved' });
  });

  it('says saving from a change until the mark that covers it came back', () => {
    const state = savedState();
    state.changed(2000);
    expect(state.sign(2000)).toEqual({ kind: 'saving', changes: 1 });
    const mark = state.takeMark(2000)!;
    expect(state.sign(2001)).toEqual({ kind: 'saving', changes: 1 });
    state.markReturned(mark, 2010);
    expect(state.sign(2010)).toEqual({ kind: 'saved' });
  });

  it('keeps saying saving for a change made after the mark left', () => {
    const state = savedState();
    state.changed(2000);
    const mark = state.takeMark(2000)!;
    state.changed(2001);
    state.markReturned(mark, 2010);
    expect(state.sign(2010)).toEqual({ kind: 'saving', changes: 1 });
    state.markReturned(state.takeMark(2200)!, 2210);
    expect(state.sign(2210)).toEqual({ kind: 'saved' });
  });

  it('ignores marks that were never sent', () => {
    const state = savedState();
    state.changed(2000);
    state.markReturned(999, 2000);
    expect(state.sign(2000).kind).toBe('saving');
  });

  it('says that the server cannot save after three seconds without a confirmation', () => {
    const state = savedState();
    state.changed(2000);
    state.takeMark(2000);
    expect(state.sign(2000 + STALLED_AFTER_MILLIS - 1).kind).toBe('saving');
    expect(state.sign(2000 + STALLED_AFTER_MILLIS)).toEqual({ kind: 'stalled', changes: 1 });
  });

  it('leaves the stall when the confirmation comes after all', () => {
    const state = savedState();
    state.changed(2000);
    const mark = state.takeMark(2000)!;
    expect(state.sign(9000).kind).toBe('stalled');
    state.markReturned(mark, 9001);
    expect(state.sign(9001).kind).toBe('saved');
  });

  it('counts progress as life: typing on does not look like a stall', () => {
    const state = savedState();
    for (let now = 2000; now < 12_000; now += 500) {
      state.changed(now);
      state.markReturned(state.takeMark(now)!, now + 20);
      state.changed(now + 20);
      expect(state.sign(now + 499).kind).toBe('saving');
    }
  });

  it('says that the server cannot save when a connection is never answered', () => {
    const state = new SaveState();
    state.connectionOpened(1000);
    expect(state.nextWakeIn(1000)).toBe(STALLED_AFTER_MILLIS);
    expect(state.sign(4000)).toEqual({ kind: 'stalled', changes: 0 });
  });

  it('counts what is kept on this device while offline', () => {
    const state = savedState();
    state.connectionClosed();
    expect(state.sign(2000)).toEqual({ kind: 'offline', changes: 0 });
    state.changed(2000);
    state.changed(2001);
    expect(state.sign(9999)).toEqual({ kind: 'offline', changes: 2 });
  });

  it('marks everything as unsaved again on a new connection until the mark after the sync came back', () => {
    const state = savedState();
    state.changed(2000);
    const lost = state.takeMark(2000)!;
    state.connectionClosed();
    state.connectionOpened(3000);
    expect(state.sign(3000)).toEqual({ kind: 'saving', changes: 1 });
    state.markReturned(lost, 3001);
    expect(state.sign(3001).kind).toBe('saving');
    expect(state.takeMark(3001)).toBeUndefined();
    state.syncAnswered(3002);
    state.markReturned(state.takeMark(3002)!, 3010);
    expect(state.sign(3010)).toEqual({ kind: 'saved' });
  });

  it('is not sure any more when the server asks again for what it lacks', () => {
    const state = savedState();
    state.syncAnswered(2000);
    expect(state.sign(2000).kind).not.toBe('saved');
    state.markReturned(state.takeMark(2000)!, 2010);
    expect(state.sign(2010).kind).toBe('saved');
  });

  it('does not take a mark for the answer to a request that came after it left', () => {
    const state = savedState();
    state.changed(2000);
    const mark = state.takeMark(2000)!;
    state.syncAnswered(2001);
    state.markReturned(mark, 2010);
    expect(state.sign(2010).kind).not.toBe('saved');
  });

  it('remembers what an earlier visit could not save', () => {
    const state = new SaveState(7);
    expect(state.sign(0)).toEqual({ kind: 'offline', changes: 7 });
    state.connectionOpened(1);
    state.syncAnswered(2);
    state.markReturned(state.takeMark(2)!, 3);
    expect(state.sign(3)).toEqual({ kind: 'saved' });
    expect(state.unconfirmed()).toBe(0);
  });
});

describe('marks', () => {
  it('leave one at a time', () => {
    const state = savedState();
    state.changed(2000);
    expect(state.takeMark(2000)).toBeDefined();
    state.changed(5000);
    expect(state.takeMark(5000)).toBeUndefined();
  });

  it('leave at most every 100 ms', () => {
    const state = savedState();
    state.changed(2000);
    state.markReturned(state.takeMark(2000)!, 2001);
    state.changed(2002);
    expect(state.takeMark(2002)).toBeUndefined();
    expect(state.nextWakeIn(2002)).toBe(MARK_INTERVAL_MILLIS - 2);
    expect(state.takeMark(2000 + MARK_INTERVAL_MILLIS)).toBeDefined();
  });

  it('do not leave when there is nothing to confirm', () => {
    const state = savedState();
    expect(state.takeMark(5000)).toBeUndefined();
    expect(state.nextWakeIn(5000)).toBeUndefined();
  });

  it('do not leave while disconnected', () => {
    const state = savedState();
    state.connectionClosed();
    state.changed(2000);
    expect(state.takeMark(3000)).toBeUndefined();
    expect(state.nextWakeIn(3000)).toBeUndefined();
  });

  it('never calls saved what the server refused, until it is taken on another connection', () => {
    const state = new SaveState();
    state.changed(500);
    state.connectionOpened(1000);
    state.syncAnswered(1000);
    const mark = state.takeMark(1000)!;
    state.denied();
    state.markReturned(mark, 1010);
    expect(state.sign(1010)).toEqual({ kind: 'refused', changes: 1 });
    state.connectionClosed();
    expect(state.sign(1020)).toEqual({ kind: 'offline', changes: 1 });
    state.connectionOpened(2000);
    state.syncAnswered(2000);
    state.markReturned(state.takeMark(2000)!, 2010);
    expect(state.sign(2010)).toEqual({ kind: 'saved' });
  });

  it('does not say connecting when the server has said no', () => {
    const state = new SaveState();
    state.ended();
    expect(state.sign(0)).toEqual({ kind: 'offline', changes: 0 });
    state.connectionOpened(10);
    expect(state.sign(10).kind).toBe('connecting');
  });
});
