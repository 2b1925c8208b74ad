import { describe, expect, it } from 'vitest';
import { readAccess } from '../src/board/boardAccess';

describe('what a window may do', () => {
  it('is what the server says, and nothing that it does not say', () => {
    expect(readAccess({ user: 'ada', read: true, comment: true, write: false })).toEqual({
      user: 'ada',
      comment: true,
      write: false,
    });
    expect(readAccess({ write: 'yes' })).toEqual({ user: undefined, comment: false, write: false });
    expect(readAccess(null)).toEqual({ user: undefined, comment: false, write: false });
  });
});
