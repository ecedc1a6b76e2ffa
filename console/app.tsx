import { useEffect } from 'preact/hooks';
import { listenToKeys } from './keys.ts';
import { Announcer, dialogCount } from './parts/announcer.tsx';
import { Help } from './parts/help.tsx';
import { SessionEnded } from './parts/session-ended.tsx';
import { route, toHref } from './router.ts';
import { loadSession, sessionState, signOut } from './session.ts';
import { SignedOut } from './views/signed-out.tsx';
import { findView, VIEWS } from './views.ts';

/** The whole page: who is signed in decides whether there is a view. */
export function App() {
  useEffect(() => {
    void loadSession();
    return listenToKeys();
  }, []);
  const state = sessionState.value;
  if (state.kind === 'loading') return <p class="loading quiet">Loading…</p>;
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      {state.kind === 'signed-in' && <Navigation name={state.session.name} />}
      <main id="main">
        {state.kind === 'signed-in' && state.hasEnded && <SessionEnded />}
        {state.kind === 'signed-in' ? <View /> : <SignedOut />}
      </main>
      {dialogCount.value === 0 && <Announcer />}
      <Help />
    </>
  );
}

function View() {
  const { path } = route.value;
  const view = findView(path);
  useEffect(() => {
    document.querySelector<HTMLElement>('h1')?.focus();
    // On a phone the navigation is a row that scrolls.
    const current = document.querySelector('.navigation [aria-current]');
    current?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [path.join('/')]);
  return <view.component key={path.join('/')} />;
}

function Navigation({ name }: { name: string }) {
  const [current = ''] = route.value.path;
  return (
    <nav class="navigation" aria-label="Views">
      <p class="brand">Partner broker</p>
      <ul>
        {VIEWS.map(({ path, name: label }) => (
          <li key={path}>
            <a
              href={toHref(path ? [path] : [])}
              aria-current={path === current ? 'page' : undefined}
            >
              {label}
            </a>
          </li>
        ))}
      </ul>
      <div class="operator">
        <span class="name">{name}</span>
        <button type="button" class="plain" onClick={() => void signOut()}>
          Sign out
        </button>
      </div>
    </nav>
  );
}
