import { describe, expect, it } from 'vitest';
import { boardPath, nameFromTitle, roomOf, serverUrlOf } from '../src/board/boardName';
import { parseRoute } from '../src/route';

describe('addresses', () => {
  it.each(['demo', 'a/b c/ü', '100%', 'what?now#here', '日本/😀'])(
    'of the board %j lead back to it',
    (name) => {
      const board = { project: 'my project', name };
      const url = new URL(boardPath(board, 'n/1'), 'http://h');
      expect(parseRoute(url.pathname, url.search)).toEqual({ page: 'board', board, element: 'n/1' });
    },
  );

  it('keep slashes and escape the rest in a room, which y-websocket sends as it is', () => {
    expect(roomOf({ project: 'p', name: 'a/b c?' })).toBe('a/b%20c%3F');
    expect(serverUrlOf({ project: 'p q', name: 'x' }, { protocol: 'https:', host: 'h:1' })).toBe(
      'wss://h:1/yjs/p%20q',
    );
  });

  it('name the list of boards, of the default project or another', () => {
    expect(parseRoute('/', '')).toEqual({ page: 'boards', project: 'default' });
    expect(parseRoute('/', '?project=x')).toEqual({ page: 'boards', project: 'x' });
  });

  it.each(['/nothing', '/board/default/', '/board/x', '/board/default/%E0%A4%A'])('%s is no page', (path) => {
    expect(parseRoute(path, '').page).toBe('unknown');
  });
});

describe('the name of a new board', () => {
  it('is readable and ends at random', () => {
    expect(nameFromTitle('Züri: the plan!', () => 0)).toBe('zuri-the-plan-00000');
    expect(nameFromTitle('  ', () => 0)).toBe('board-00000');
  });

  it('fits the server’s limit in any script', () => {
    const name = nameFromTitle('漢'.repeat(400));
    expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(255);
  });
});
