import type { ComponentPropsWithoutRef, MouseEvent } from 'react';
import { go } from './navigation';

interface PageLinkProps extends ComponentPropsWithoutRef<'a'> {
  readonly href: string;
}

/** A link to another page of the whiteboard; opening it in a new tab works as with any link. */
export function PageLink({ href, onClick, ...rest }: PageLinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (plain && !event.defaultPrevented) {
      event.preventDefault();
      go(href);
    }
  };
  return <a href={href} onClick={follow} {...rest} />;
}
