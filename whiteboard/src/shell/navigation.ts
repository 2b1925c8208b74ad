import { parseRoute, type Route } from '../route';
import { Signal } from '../signal';

/** The page that is shown. */
export const route = new Signal<Route>(here());

window.addEventListener('popstate', () => route.set(here()));

/** Goes to another page of the whiteboard without loading it again. `state` is handed to that page once. */
export function go(path: string, state: unknown = null): void {
  window.history.pushState(state, '', path);
  route.set(here());
  window.scrollTo(0, 0);
}

function here(): Route {
  return parseRoute(window.location.pathname, window.location.search);
}
