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

/** What a token says of itself. The server decides; this is for words and for keeping things apart. */
export interface TokenWords {
  readonly organisation: string | undefined;
  readonly user: string | undefined;
  /** Whether it is a link that was given away, and names its giver. */
  readonly link: boolean;
}

/** Reads a token as far as it can be read; undefined for what is no JWT. */
export function readToken(token: string | undefined): TokenWords | undefined {
  try {
    const middle = (token?.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(middle), (letter) => letter.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown> | null;
    const text = (name: string) =>
      typeof claims?.[name] === 'string' ? (claims[name] as string) : undefined;
    return { organisation: text('org'), user: text('sub'), link: claims?.['share'] === true };
  } catch {
    return undefined;
  }
}
