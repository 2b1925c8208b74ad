import { type FormEvent, useCallback, useEffect, useState } from 'react';
import { boardPath, DEFAULT_PROJECT, nameFromTitle } from '../board/boardName';
import { SearchDialog } from '../search/SearchDialog';
import { Icon } from '../shell/Icon';
import { IconButton } from '../shell/IconButton';
import { go } from '../shell/navigation';
import { SignInDialog } from '../shell/SignInDialog';
import { keysOf } from '../shell/shortcuts';
import { ThemeButton } from '../shell/ThemeButton';
import { BoardTiles } from './BoardTiles';
import { type EntityPage, fetchBoards } from './entityPage';
import { ProjectSwitch } from './ProjectSwitch';

type Listing =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly message: string }
  | { readonly state: 'shown'; readonly page: EntityPage; readonly more: 'idle' | 'loading' | 'failed' };

/** The list of a project's boards, and the place to make a new one. */
export function BoardsPage({ project }: { readonly project: string }) {
  const { listing, retry, more } = useBoards(project);
  const [searching, setSearching] = useState(false);
  const [signingIn, setSigningIn] = useState(false);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        setSearching(true);
      }
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
  useEffect(() => {
    document.title = project === DEFAULT_PROJECT ? 'Boards · Boardwalk' : `Boards of ${project} · Boardwalk`;
  }, [project]);
  return (
    <div className="boards-page">
      <header className="boards-header">
        <a href="/" className="wordmark">
          <img src="/boardwalk.svg" alt="" width="28" height="28" /> Boardwalk
        </a>
        <span className="boards-header-end">
          <IconButton
            icon="search"
            label="Search all boards"
            shortcut={keysOf('Mod + K')}
            onClick={() => setSearching(true)}
          />
          <ProjectSwitch project={project} />
          <ThemeButton />
        </span>
      </header>
      <main>
        <h1>Boards</h1>
        <NewBoard project={project} />
        {listing.state === 'failed' && (
          <div className="notice problem" role="alert">
            <Icon name="warning" />
            <span>{listing.message} Boards opened on this device are listed below.</span>
            <button type="button" className="button" onClick={retry}>
              Try again
            </button>
            <button type="button" className="button" onClick={() => setSigningIn(true)}>
              Sign in
            </button>
          </div>
        )}
        <BoardTiles
          project={project}
          loading={listing.state === 'loading'}
          listed={listing.state === 'shown' ? listing.page.items : []}
        />
        {listing.state === 'shown' && listing.page.nextCursor !== undefined && (
          <button type="button" className="button more" disabled={listing.more === 'loading'} onClick={more}>
            {listing.more === 'failed' ? 'That did not work. Try again' : 'More boards'}
          </button>
        )}
      </main>
      {signingIn && <SignInDialog onClose={() => setSigningIn(false)} />}
      {searching && <SearchDialog project={project} onClose={() => setSearching(false)} />}
    </div>
  );
}

/** Names and opens a new board; it exists for everybody as soon as it is opened. */
function NewBoard({ project }: { readonly project: string }) {
  const [title, setTitle] = useState('');
  const create = (event: FormEvent) => {
    event.preventDefault();
    const given = title.trim();
    const newTitle = given === '' ? 'Untitled board' : given;
    go(boardPath({ project, name: nameFromTitle(given) }), { newTitle });
  };
  return (
    <form className="new-board" onSubmit={create}>
      <label htmlFor="new-board">What is it about?</label>
      <div className="field-row">
        <input
          id="new-board"
          value={title}
          maxLength={120}
          placeholder="Name a new board"
          autoComplete="off"
          onChange={(event) => setTitle(event.target.value)}
        />
        <button className="button primary" type="submit">
          <Icon name="plus" /> New board
        </button>
      </div>
    </form>
  );
}

function useBoards(project: string) {
  const [listing, setListing] = useState<Listing>({ state: 'loading' });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const leaving = new AbortController();
    setListing({ state: 'loading' });
    fetchBoards(project, undefined, leaving.signal)
      .then((page) => setListing({ state: 'shown', page, more: 'idle' }))
      .catch((problem: unknown) => {
        if (!leaving.signal.aborted) {
          setListing({
            state: 'failed',
            message: problem instanceof Error ? problem.message : String(problem),
          });
        }
      });
    return () => leaving.abort();
  }, [project, attempt]);

  const more = useCallback(() => {
    if (listing.state !== 'shown') {
      return;
    }
    const { page } = listing;
    setListing({ ...listing, more: 'loading' });
    fetchBoards(project, page.nextCursor, new AbortController().signal)
      .then(({ items, nextCursor }) =>
        setListing({ state: 'shown', page: { items: [...page.items, ...items], nextCursor }, more: 'idle' }),
      )
      .catch(() => setListing({ ...listing, more: 'failed' }));
  }, [listing, project]);

  return { listing, more, retry: () => setAttempt(attempt + 1) };
}
