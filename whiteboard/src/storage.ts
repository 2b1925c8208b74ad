/** What was kept under a key in this browser; undefined also where the browser keeps nothing for the page. */
export function recall(key: string, storage: 'local' | 'session' = 'local'): string | undefined {
  try {
    return storageOf(storage).getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a value in this browser, or for this tab; where the browser refuses, it lives as long as the page. */
export function keep(key: string, value: string, storage: 'local' | 'session' = 'local'): void {
  try {
    storageOf(storage).setItem(key, value);
  } catch {
    // Full or switched off: nothing that is kept here is worth stopping for.
  }
}

function storageOf(storage: 'local' | 'session'): Storage {
  return storage === 'local' ? window.localStorage : window.sessionStorage;
}
