import { signal } from '@preact/signals';
import type { Session } from '../docs/client/broker-api.ts';
import { currentHash } from './router.ts';

/** Whether somebody is signed in: `loading` until the broker has said so. */
type SessionState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'signed-out' }
  /**
   * `hasEnded`: the broker takes the session no longer; what is on the page stays until the
   * operator signs in.
   */
  | { readonly kind: 'signed-in'; readonly session: Session; readonly hasEnded: boolean };

/** The session of this page. */
export const sessionState = signal<SessionState>({ kind: 'loading' });

const HEADERS = { 'x-requested-with': 'console' };

/** Asks the broker who is signed in. */
export async function loadSession(): Promise<void> {
  const response = await fetch('/auth/me', { headers: HEADERS }).catch(() => undefined);
  if (!response?.ok) {
    sessionState.value = { kind: 'signed-out' };
    return;
  }
  sessionState.value = { kind: 'signed-in', session: await response.json(), hasEnded: false };
}

/**
 * The broker no longer takes the session: results of what was done stay to be read, and what was
 * typed is kept.
 */
export function endSession(): void {
  const state = sessionState.value;
  if (state.kind === 'signed-in') sessionState.value = { ...state, hasEnded: true };
}

/** Whether the operator has to sign in again. */
export function hasSessionEnded(): boolean {
  const state = sessionState.value;
  return state.kind === 'signed-in' && state.hasEnded;
}

/** Whether asking the broker is of use. */
export function isSessionAlive(): boolean {
  const state = sessionState.value;
  return state.kind === 'signed-in' && !state.hasEnded;
}

/** Ends the session in this browser. */
export async function signOut(): Promise<void> {
  await fetch('/auth/sign-out', { method: 'POST', headers: HEADERS });
  sessionState.value = { kind: 'signed-out' };
}

/** Where signing in begins; afterwards the browser comes back to this view. */
export function signInUrl(): string {
  return `/auth/sign-in?return_to=${encodeURIComponent(currentHash())}`;
}

/** Who asks customers for their consent, as PARTNER_NAME says. */
export function partnerName(): string | undefined {
  const state = sessionState.value;
  return state.kind === 'signed-in' ? state.session.partner_name : undefined;
}

/** Whether the operator holds the app role; who manages tenants may read them. */
export function hasRole(role: string): boolean {
  const state = sessionState.value;
  if (state.kind !== 'signed-in') return false;
  const { roles } = state.session;
  return roles.includes(role) || (role === 'Tenants.Read' && roles.includes('Tenants.Manage'));
}
