import { useSyncExternalStore } from 'react';

/** A value that components can watch: reading it in a component renders that component again on change. */
export class Signal<T> {
  private readonly listeners = new Set<() => void>();

  constructor(private current: T) {}

  readonly value = (): T => this.current;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  set(next: T): void {
    if (!Object.is(next, this.current)) {
      this.current = next;
      this.listeners.forEach((listener) => listener());
    }
  }
}

export function useSignal<T>(signal: Signal<T>): T {
  return useSyncExternalStore(signal.subscribe, signal.value);
}
