import type { BoardConnection } from '../board/boardConnection';
import { useSignal } from '../signal';
import { Icon } from './Icon';
import { saveWords } from './saveWords';

/** The honest sign of what is saved, read out when it changes. */
export function SaveSignal({ connection }: { readonly connection: BoardConnection }) {
  const sign = useSignal(connection.sign);
  const words = saveWords(sign, useSignal(connection.kept));
  return (
    <span className={`save-sign ${sign.kind}`} role="status" title={words.long} data-save={sign.kind}>
      {sign.kind === 'saved' && <Icon name="check" />}
      {sign.kind === 'stalled' && <Icon name="warning" />}
      {sign.kind === 'offline' && <Icon name="cloudOff" />}
      {(sign.kind === 'saving' || sign.kind === 'connecting') && (
        <span className="spinner" aria-hidden="true" />
      )}
      <span>{words.short}</span>
    </span>
  );
}
