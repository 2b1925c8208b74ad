import { describe, expect, it } from 'vitest';
import type { CardNode } from '../src/canvas/elements';
import { edgeEnds } from '../src/canvas/edgeShape';
import { nearestTowards } from '../src/canvas/neighbours';

const box = (x: number, y: number) => ({ x, y, width: 100, height: 50 });

describe('an edge', () => {
  it('runs between the sides that face each other', () => {
    expect(edgeEnds(box(0, 0), box(300, 20)).map(({ side }) => side)).toEqual(['right', 'left']);
    expect(edgeEnds(box(300, 0), box(0, 0)).map(({ side }) => side)).toEqual(['left', 'right']);
    expect(edgeEnds(box(0, 0), box(20, 200)).map(({ side }) => side)).toEqual(['bottom', 'top']);
    expect(edgeEnds(box(0, 200), box(0, 0)).map(({ side }) => side)).toEqual(['top', 'bottom']);
  });

  it('begins in the middle of its side', () => {
    expect(edgeEnds(box(0, 0), box(300, 0))[0]).toMatchObject({ x: 100, y: 25 });
  });
});

describe('the next node in a direction', () => {
  const node = (id: string, x: number, y: number) =>
    ({ id, position: { x, y }, width: 100, height: 50, data: {} }) as unknown as CardNode;
  const nodes = [node('a', 0, 0), node('b', 200, 10), node('c', 400, 0), node('d', 0, 300)];

  it('is the nearest ahead', () => {
    expect(nearestTowards(nodes, nodes[0], 'right')?.id).toBe('b');
    expect(nearestTowards(nodes, nodes[2], 'left')?.id).toBe('b');
    expect(nearestTowards(nodes, nodes[0], 'down')?.id).toBe('d');
  });

  it('is none at the end, and somewhere to begin from nowhere', () => {
    expect(nearestTowards(nodes, nodes[2], 'right')).toBeUndefined();
    expect(nearestTowards(nodes, undefined, 'right')?.id).toBe('a');
  });
});
