import { type FormEvent, useState } from 'react';
import { signIn } from '../board/accessToken';
import { Dialog } from './Dialog';

/** Where one pastes the token that one was given; the page is then loaded again with it. */
export function SignInDialog({ onClose }: { readonly onClose: () => void }) {
  const [token, setToken] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (token.trim() !== '') {
      signIn(token.trim());
      window.location.reload();
    }
  };
  return (
    <Dialog title="Sign in" className="small-dialog" onClose={onClose}>
      <form onSubmit={submit}>
        <p className="hint">
          Paste the token that your organisation gave you. This tab forgets it when it is closed.
        </p>
        <div className="field-row">
          <input
            type="password"
            aria-label="Token"
            autoComplete="off"
            value={token}
            data-autofocus
            onChange={(event) => setToken(event.target.value)}
          />
          <button className="button primary" type="submit" disabled={token.trim() === ''}>
            Sign in
          </button>
        </div>
      </form>
    </Dialog>
  );
}
