import { describe, expect, it } from 'vitest';
import { readFound, snippetParts } from '../src/search/searchHits';

describe('an answer of the search', () => {
  it('becomes hits that know where they lead', () => {
    const { hits, notice } = readFound({
      hits: [
        {
          name: 'plans/2027',
          project: 'default',
          element: 'n 1',
          title: 'Fleet',
          snippet: 'new <mark>vehicles</mark> &amp; drivers',
          why: [{ by: 'meaning' }, 'words'],
        },
        { title: 'without a name' },
      ],
      leftOut: ['meaning'],
    });
    expect(hits).toHaveLength(1);
    expect(hits[0]).toMatchObject({
      path: '/board/default/plans/2027?element=n%201',
      title: 'Fleet',
      why: 'means something like it, has the words',
      snippet: [
        { text: 'new ', marked: false },
        { text: 'vehicles', marked: true },
        { text: ' & drivers', marked: false },
      ],
    });
    expect(notice).toBe('Left out this time: meaning.');
    expect(readFound(null)).toEqual({ hits: [], notice: undefined });
  });

  it('never turns content into markup', () => {
    expect(snippetParts('<img src=x> &lt;b&gt; <mark>&lt;mark&gt;</mark></mark>')).toEqual([
      { text: '<img src=x> <b> ', marked: false },
      { text: '<mark>', marked: true },
      { text: '</mark>', marked: false },
    ]);
  });
});
