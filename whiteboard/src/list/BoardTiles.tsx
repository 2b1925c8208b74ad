import { boardPath } from '../board/boardName';
import { NODE_COLORS } from '../board/colors';
import { personColor } from '../presence/person';
import { PageLink } from '../shell/PageLink';
import { ago } from './ago';
import type { ListedEntity } from './entityPage';
import { recentBoards } from './recentBoards';

interface BoardTilesProps {
  readonly project: string;
  readonly loading: boolean;
  readonly listed: readonly ListedEntity[];
}

interface Tile {
  readonly name: string;
  readonly title: string;
  readonly when: string;
}

/** The boards as tiles: what the server lists, and what this browser had open and the server does not list yet. */
export function BoardTiles({ project, loading, listed }: BoardTilesProps) {
  const tiles = tilesOf(project, listed);
  if (tiles.length === 0) {
    return loading ? (
      <p className="hint" aria-live="polite">
        Looking for boards…
      </p>
    ) : (
      <div className="no-boards">
        <h2>No boards yet</h2>
        <p>
          Give the first one a name above. A board is a page that several people edit at once; every change is
          in the database before it is called saved, and you can go on while you are offline.
        </p>
      </div>
    );
  }
  return (
    <ul className="board-tiles" aria-busy={loading}>
      {tiles.map(({ name, title, when }) => (
        <li key={name}>
          <PageLink href={boardPath({ project, name })} className="board-tile">
            <TilePicture name={name} />
            <strong>{title}</strong>
            <span className="hint">
              {title !== name && <span className="tile-name">{name}</span>}
              {when}
            </span>
          </PageLink>
        </li>
      ))}
    </ul>
  );
}

function tilesOf(project: string, listed: readonly ListedEntity[]): Tile[] {
  const known = new Set(listed.map(({ name }) => name));
  const recent = recentBoards().filter((board) => board.project === project);
  const titles = new Map(recent.map(({ name, title }) => [name, title]));
  return [
    ...recent
      .filter(({ name }) => !known.has(name))
      .map(({ name, title, openedAt }) => ({ name, title, when: `opened ${ago(openedAt)}`, at: openedAt })),
    ...listed.map(({ name, title, updatedAt }) => {
      const at = updatedAt === undefined ? 0 : Date.parse(updatedAt);
      return {
        name,
        title: title === name ? (titles.get(name) ?? name) : title,
        when: at > 0 ? `edited ${ago(at)}` : '',
        at,
      };
    }),
  ].sort((a, b) => b.at - a.at);
}

/** A little drawing that is always the same for one name, so that a board is found again at a glance. */
function TilePicture({ name }: { readonly name: string }) {
  const seed = [...name].reduce((sum, letter) => (sum * 33 + letter.codePointAt(0)!) >>> 0, 5381);
  const color = (shift: number) =>
    `color-${NODE_COLORS[(seed + shift + personColor(name)) % NODE_COLORS.length]}`;
  const y = (shift: number) => 14 + ((seed >>> shift) % 30);
  return (
    <svg
      className="tile-picture"
      viewBox="0 0 200 92"
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
    >
      <path
        d={`M58 ${y(2) + 13}C78 ${y(2) + 13} 70 ${y(5) + 13} 86 ${y(5) + 13}M122 ${y(5) + 13}C140 ${y(5) + 13} 136 ${y(9) + 13} 152 ${y(9) + 13}`}
      />
      <rect x="18" y={y(2)} width="40" height="26" rx="6" className={color(0)} />
      <rect x="86" y={y(5)} width="38" height="26" rx="6" className={color(3)} />
      <rect x="152" y={y(9)} width="34" height="26" rx="6" className={color(5)} />
    </svg>
  );
}
