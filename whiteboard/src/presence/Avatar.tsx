import { initialsOf, personColor } from './person';

/** Somebody's initials in their colour. */
export function Avatar({ name }: { readonly name: string }) {
  return (
    <span className="avatar" style={{ background: `var(--person-${personColor(name)})` }} aria-hidden="true">
      {initialsOf(name)}
    </span>
  );
}
