import { type KeyboardEvent, useEffect, useLayoutEffect, useRef } from 'react';
import * as Y from 'yjs';
import type { BoardDocument } from '../board/boardDocument';

interface SharedTextFieldProps {
  readonly document: BoardDocument;
  readonly text: Y.Text;
  readonly label: string;
  readonly className: string;
  readonly singleLine?: boolean;
  readonly onDone: () => void;
  /** Called with the height that the text needs, in pixels of the board. */
  readonly onHeight?: (height: number) => void;
}

/**
 * A field bound to a shared text. Only what differs is written, others' typing appears while one types, and the
 * caret stays between the letters where it was. While an input method composes a letter, others' edits wait.
 */
export function SharedTextField(props: SharedTextFieldProps) {
  const { document, text, label, className, singleLine = false, onDone, onHeight } = props;
  const field = useRef<HTMLTextAreaElement>(null);
  const composing = useRef(false);

  const fit = () => {
    const area = field.current;
    if (area !== null && !singleLine) {
      area.style.height = '0';
      area.style.height = `${area.scrollHeight}px`;
      onHeight?.(area.scrollHeight);
    }
  };

  useLayoutEffect(() => {
    const area = field.current!;
    area.value = text.toString();
    area.focus({ preventScroll: true });
    area.select();
    fit();
    const show = (event: Y.YTextEvent) => {
      if (!event.transaction.local || area.value !== text.toString()) {
        if (!composing.current) {
          showKeepingCaret(area, text, event);
          fit();
        }
      }
    };
    text.observe(show);
    return () => text.unobserve(show);
    // Bound to one text for its life: the owner gives another text another key.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [text]);

  useEffect(() => () => document.history.nextStep(), [document]);

  const write = () => {
    const area = field.current!;
    const value = singleLine ? area.value.replace(/[\r\n]+/g, ' ') : area.value;
    document.type(text, value, area.selectionEnd);
    fit();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    const finishes =
      event.key === 'Escape' || (event.key === 'Enter' && (singleLine || event.ctrlKey || event.metaKey));
    if (finishes && !event.nativeEvent.isComposing) {
      event.preventDefault();
      onDone();
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z') {
      // The browser's own undo would not know what others typed meanwhile.
      event.preventDefault();
      if (event.shiftKey) {
        document.history.redo();
      } else {
        document.history.undo();
      }
    }
  };

  return (
    <textarea
      ref={field}
      className={`${className} nodrag nopan nowheel`}
      aria-label={label}
      rows={1}
      spellCheck
      onInput={() => composing.current || write()}
      onCompositionStart={() => (composing.current = true)}
      onCompositionEnd={() => {
        composing.current = false;
        write();
      }}
      onKeyDown={onKeyDown}
      onBlur={onDone}
    />
  );
}

/** Shows the text as it is now and moves the selection along with what was inserted or deleted before it. */
function showKeepingCaret(area: HTMLTextAreaElement, text: Y.Text, event: Y.YTextEvent): void {
  const { selectionStart, selectionEnd, selectionDirection } = area;
  const move = (place: number) => {
    let at = 0;
    let moved = place;
    for (const { retain, insert, delete: removed } of event.delta) {
      if (retain !== undefined) {
        at += retain;
      } else if (typeof insert === 'string') {
        moved += at < moved ? insert.length : 0;
        at += insert.length;
      } else if (removed !== undefined) {
        moved -= Math.max(0, Math.min(removed, moved - at));
      }
    }
    return moved;
  };
  area.value = text.toString();
  area.setSelectionRange(move(selectionStart), move(selectionEnd), selectionDirection);
}
