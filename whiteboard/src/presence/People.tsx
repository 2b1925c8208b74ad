import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useSignal } from '../signal';
import { Avatar } from './Avatar';
import { PERSON_NAME_MAX } from './person';
import type { Presence } from './presence';

/** Avatars shown before the rest becomes a number. */
const SHOWN = 4;

/** Who has this board open: avatars that open a list, in which one's own name can be changed. */
export function People({ presence }: { readonly presence: Presence }) {
  const me = useSignal(presence.me);
  const others = useSignal(presence.others);
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const closeOutside = (event: PointerEvent) => {
      if (!anchor.current?.contains(event.target as Node)) {
        setOpen(false);
      }
    };
    document.addEventListener('pointerdown', closeOutside);
    return () => document.removeEventListener('pointerdown', closeOutside);
  }, []);
  const here = others.length === 0 ? 'Only you are here' : `${others.length + 1} people here`;
  return (
    <div className="people" ref={anchor} onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}>
      <button
        type="button"
        className="people-button"
        aria-expanded={open}
        aria-label={`${here}. You are ${me}`}
        title={here}
        onClick={() => setOpen(!open)}
      >
        {others.slice(0, SHOWN).map((person) => (
          <Avatar key={person.clientId} name={person.name} />
        ))}
        {others.length > SHOWN && <span className="avatar more">+{others.length - SHOWN}</span>}
        <Avatar name={me} />
      </button>
      {open && (
        <div className="popover people-list">
          <OwnName presence={presence} onDone={() => setOpen(false)} />
          <p className="hint">{here}</p>
          <ul>
            {others.map((person) => (
              <li key={person.clientId}>
                <Avatar name={person.name} /> {person.name}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

function OwnName({ presence, onDone }: { readonly presence: Presence; readonly onDone: () => void }) {
  const [name, setName] = useState(presence.me.value());
  const rename = (event: FormEvent) => {
    event.preventDefault();
    presence.rename(name);
    onDone();
  };
  return (
    <form className="own-name" onSubmit={rename}>
      <label htmlFor="own-name">Your name, as others see it</label>
      <div className="field-row">
        <Avatar name={name.trim() === '' ? '?' : name} />
        <input
          id="own-name"
          value={name}
          maxLength={PERSON_NAME_MAX}
          autoFocus
          autoComplete="nickname"
          onChange={(event) => setName(event.target.value)}
        />
        <button className="button primary" type="submit">
          Save
        </button>
      </div>
    </form>
  );
}
