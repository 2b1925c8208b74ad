import type { ComponentPropsWithRef } from 'react';
import { Icon, type IconName } from './Icon';

interface IconButtonProps extends Omit<ComponentPropsWithRef<'button'>, 'children'> {
  readonly icon: IconName;
  readonly label: string;
  /** The key that does the same, shown in the tooltip. */
  readonly shortcut?: string;
}

/** A button with an icon, a name for assistive technology and a tooltip that also teaches the shortcut. */
export function IconButton({ icon, label, shortcut, className = '', ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      className={`icon-button ${className}`}
      aria-label={label}
      title={shortcut === undefined ? label : `${label} (${shortcut})`}
      {...rest}
    >
      <Icon name={icon} />
    </button>
  );
}
