import { useStore } from '@xyflow/react';
import { useSignal } from '../signal';
import type { Presence } from './presence';

/** Others' pointers with their names, over the canvas; they keep their size at every zoom. */
export function Cursors({ presence }: { readonly presence: Presence }) {
  const others = useSignal(presence.others);
  const [left, top, zoom] = useStore((state) => state.transform);
  return (
    <div className="cursors" aria-hidden="true">
      {others.map(({ clientId, name, color, cursor }) =>
        cursor === undefined ? null : (
          <div
            key={clientId}
            className="cursor"
            style={{
              transform: `translate(${cursor.x * zoom + left}px, ${cursor.y * zoom + top}px)`,
              ['--person' as string]: `var(--person-${color})`,
            }}
          >
            <svg viewBox="0 0 22 24">
              <path d="M2.5 2.5 19 10.2l-7.2 2.2-3.6 6.8z" />
            </svg>
            <span>{name}</span>
          </div>
        ),
      )}
    </div>
  );
}
