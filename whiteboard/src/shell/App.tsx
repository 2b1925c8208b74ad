import { boardPath } from '../board/boardName';
import { BoardPage } from './BoardPage';
import { BoardsPage } from '../list/BoardsPage';
import { useSignal } from '../signal';
import { route } from './navigation';
import { PageLink } from './PageLink';

/** The page that the address names. */
export function App() {
  const page = useSignal(route);
  switch (page.page) {
    case 'boards':
      return <BoardsPage key={page.project} project={page.project} />;
    case 'board':
      return <BoardPage key={boardPath(page.board)} name={page.board} element={page.element} />;
    case 'unknown':
      return (
        <main className="lost">
          <h1>Nothing here</h1>
          <p>
            There is no page at <code>{page.path}</code>. A board’s address is{' '}
            <code>/board/project/name</code>.
          </p>
          <PageLink className="button primary" href="/">
            All boards
          </PageLink>
        </main>
      );
  }
}
