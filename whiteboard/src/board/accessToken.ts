import { keep, recall } from '../storage';

const KEY = 'boardwalk.token';

/**
 * The token that this tab shows to the server, if it was given one: `?token=` in the page's address, remembered
 * for the tab and taken out of the address bar at once, so that a copied link does not hand it on.
 */
export function accessToken(): string | undefined {
  const url = new URL(window.location.href);
  const given = url.searchParams.get('token');
  if (given !== null) {
    keep(KEY, given, 'session');
    url.searchParams.delete('token');
    window.history.replaceState(window.history.state, '', url);
  }
  return given ?? recall(KEY, 'session');
}

/** Gives this tab another token; what is open goes on with the old one until the page is loaded again. */
export function signIn(token: string): void {
  keep(KEY, token, 'session');
}
