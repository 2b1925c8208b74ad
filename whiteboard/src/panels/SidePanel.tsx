import { type ReactNode, useEffect, useId, useRef } from 'react';
import type { BoardSession } from '../board/boardSession';
import { IconButton } from '../shell/IconButton';

interface SidePanelProps {
  readonly session: BoardSession;
  readonly title: string;
  readonly children: ReactNode;
}

/**
 * What lies at the side of a board while one goes on working on it: a heading, a way to close it (also with Escape
 * from inside) and its content, which scrolls by itself. It takes the focus when it opens and gives it back.
 */
export function SidePanel({ session, title, children }: SidePanelProps) {
  const panel = useRef<HTMLElement>(null);
  const heading = useId();
  useEffect(() => {
    const before = document.activeElement;
    panel.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected) {
        before.focus({ preventScroll: true });
      }
    };
  }, []);
  return (
    <aside
      ref={panel}
      className="side-panel"
      tabIndex={-1}
      aria-labelledby={heading}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) {
          event.stopPropagation();
          session.panel.set(undefined);
        }
      }}
    >
      <header>
        <h2 id={heading}>{title}</h2>
        <IconButton icon="close" label="Close" onClick={() => session.panel.set(undefined)} />
      </header>
      <div className="side-panel-body">{children}</div>
    </aside>
  );
}
