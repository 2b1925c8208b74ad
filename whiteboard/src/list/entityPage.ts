import { callJson, Refused } from '../api';
import { BOARD_TYPE } from '../board/boardDocument';

/** An entity as the list of entities tells it; fields that the list does not need are left out. */
export interface ListedEntity {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  readonly title: string;
  readonly updatedAt: string | undefined;
}

/** One page of entities and where the next one begins. */
export interface EntityPage {
  readonly items: readonly ListedEntity[];
  readonly nextCursor: string | undefined;
}

/** Boards asked for at once. */
const PAGE_SIZE = 60;

/** Asks the server for a page of a project's boards. Fails with an error whose message is fit to be shown. */
export async function fetchBoards(
  project: string,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<EntityPage> {
  const query = new URLSearchParams({ type: BOARD_TYPE, limit: String(PAGE_SIZE) });
  if (cursor !== undefined) {
    query.set('cursor', cursor);
  }
  try {
    return readPage(
      project,
      await callJson(`/api/v1/projects/${encodeURIComponent(project)}/entities?${query}`, { signal }),
    );
  } catch (problem) {
    if (problem instanceof Refused && problem.status === 404) {
      return { items: [], nextCursor: undefined };
    }
    throw problem;
  }
}

/** Reads a page tolerantly: an item without a name is left out, unknown fields are ignored. */
export function readPage(project: string, json: unknown): EntityPage {
  const page = json as { items?: unknown; nextCursor?: unknown } | null;
  const items = Array.isArray(page?.items) ? (page.items as unknown[]) : [];
  return {
    items: items.flatMap((item) => readEntity(project, item) ?? []),
    nextCursor: typeof page?.nextCursor === 'string' && page.nextCursor !== '' ? page.nextCursor : undefined,
  };
}

function readEntity(project: string, item: unknown): ListedEntity | undefined {
  const entity = item as Record<string, unknown> | null;
  const name = entity?.['name'];
  if (typeof name !== 'string') {
    return undefined;
  }
  const text = (key: string) =>
    typeof entity?.[key] === 'string' && entity[key] !== '' ? entity[key] : undefined;
  return {
    id: text('id') ?? name,
    project: text('project') ?? project,
    name,
    title: text('title') ?? name,
    updatedAt: text('updatedAt'),
  };
}
