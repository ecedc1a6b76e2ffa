import { useEffect } from 'preact/hooks';
import { route } from '../router.ts';
import { signInUrl } from '../session.ts';

const REFUSALS: Readonly<Record<string, string>> = {
  blocked: 'An operator has blocked you. Another one can undo it.',
  declined: 'You cancelled the sign-in.',
  not_assigned: 'You have no app role of the broker yet. Ask whoever manages the home tenant.',
  other_browser: 'The sign-in took too long or was begun in another window. Please try again.',
  sign_in_failed: 'Your organisation did not confirm the sign-in.',
  try_later: 'The sign-in can not be completed right now. Please try again in a minute.',
};

/** What is shown to who is not signed in: why, and one button. */
export function SignedOut() {
  const [view, refusal = ''] = route.value.path;
  const reason = view === 'signed-out' ? REFUSALS[refusal] : undefined;
  useEffect(() => {
    document.title = 'Sign in · Partner broker';
  }, []);
  return (
    <section class="sign-in">
      <h1>Partner broker</h1>
      <p>Customers, incidents and tokens of everyone who trusts you, on one page.</p>
      {reason && (
        <p class="notice bad" role="alert">
          {reason}
        </p>
      )}
      <p>
        <a class="button primary" href={signInUrl()}>
          Sign in
        </a>
      </p>
    </section>
  );
}
