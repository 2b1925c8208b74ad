import { Dialog } from './Dialog';
import { keysOf, SHORTCUTS } from './shortcuts';

/** Everything that the keyboard can do. */
export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <div className="shortcuts">
        {SHORTCUTS.map(({ title, rows }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {rows.map(([keys, what]) => (
                <div key={keys}>
                  <dt>
                    <Keys shortcut={keys} />
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function Keys({ shortcut }: { readonly shortcut: string }) {
  return keysOf(shortcut)
    .split(/( \+ | or | … | and )/)
    .map((part, i) =>
      i % 2 === 0 ? <kbd key={i}>{part}</kbd> : <span key={i}>{part === ' + ' ? ' ' : part}</span>,
    );
}
