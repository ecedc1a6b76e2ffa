import { signInUrl } from '../session.ts';

/**
 * Above a view whose session has ended: it stays as it is, since it may show what became of a
 * change.
 */
export function SessionEnded() {
  return (
    <div class="notice bad session-ended" role="alert">
      <p>
        <strong>Your session has ended.</strong> What you typed is kept; nothing more is sent.
      </p>
      <a class="button primary" href={signInUrl()}>
        Sign in again
      </a>
    </div>
  );
}
