import { accessToken } from '../board/accessToken';
import type { BoardSession, Panel } from '../board/boardSession';
import { People } from '../presence/People';
import { useSignal } from '../signal';
import { BoardTitle } from './BoardTitle';
import { Icon, type IconName } from './Icon';
import { IconButton } from './IconButton';
import { PageLink } from './PageLink';
import { SaveSignal } from './SaveSignal';
import { copyAddress } from './ShareDialog';
import { keysOf } from './shortcuts';
import { ThemeButton } from './ThemeButton';

/** What floats over the top of a board: the way back, the title, what is saved, and who is here. */
export function TopBar({ session }: { readonly session: BoardSession }) {
  const { project } = session.name;
  const access = useSignal(session.access);
  const closed = useSignal(session.connection.closed);
  const share = () =>
    accessToken() !== undefined && access.write ? session.overlay.set('share') : void copyAddress(session);
  return (
    <header className="top-bar">
      <div className="bar">
        <PageLink
          className="icon-button brand"
          href={project === 'default' ? '/' : `/?project=${encodeURIComponent(project)}`}
          aria-label="All boards"
          title="All boards"
        >
          <img src="/boardwalk.svg" alt="" width="24" height="24" />
        </PageLink>
        <BoardTitle session={session} />
        <span className="bar-line" aria-hidden="true" />
        {!access.write && closed?.final !== true && (
          <span className="view-only" title="You may look at this board, not change it.">
            <Icon name="eye" /> {access.comment ? 'View and point' : 'View only'}
          </span>
        )}
        <SaveSignal session={session} />
      </div>
      <div className="bar">
        <People presence={session.presence} />
        <button type="button" className="button" onClick={share}>
          Share
        </button>
        <span className="bar-line" aria-hidden="true" />
        <IconButton
          icon="search"
          label="Search all boards"
          shortcut={keysOf('Mod + K')}
          onClick={() => session.overlay.set('search')}
        />
        <PanelButton
          session={session}
          panel="relations"
          icon="relations"
          label="Relationships"
          shortcut="R"
        />
        <PanelButton session={session} panel="history" icon="history" label="History" shortcut="H" />
        <span className="bar-line" aria-hidden="true" />
        <ThemeButton />
        <IconButton
          icon="help"
          label="Keyboard shortcuts"
          shortcut="?"
          onClick={() => session.overlay.set('shortcuts')}
        />
      </div>
    </header>
  );
}

/** Opens a panel at the side, or closes it. */
function PanelButton({
  session,
  panel,
  icon,
  label,
  shortcut,
}: {
  readonly session: BoardSession;
  readonly panel: NonNullable<Panel>;
  readonly icon: IconName;
  readonly label: string;
  readonly shortcut: string;
}) {
  const open = useSignal(session.panel) === panel;
  return (
    <IconButton
      icon={icon}
      label={label}
      shortcut={shortcut}
      aria-pressed={open}
      onClick={() => session.panel.set(open ? undefined : panel)}
    />
  );
}
