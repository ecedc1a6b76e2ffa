import * as v from 'valibot';
import type { Seal } from '../crypto/seal.ts';

/** What a browser carries between the steps, encrypted in its cookie. */
export interface ConsentSession {
  /** Names the attempt; `state` must carry the same. */
  readonly sid: string;
  readonly invitation: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  /** Who signed in, from a verified id_token. */
  readonly tenantId?: string | undefined;
  readonly userName?: string | undefined;
  /** The consent was accepted; only the status page is left. */
  readonly done?: boolean | undefined;
}

/** The step that an answer of Entra belongs to. */
export type ConsentLeg = 'sign-in' | 'consent';

/** The value that crosses the redirect (RFC 6749 section 10.12): which attempt, which step, which tenant. */
export interface ConsentState {
  readonly sid: string;
  readonly leg: ConsentLeg;
  readonly tenantId?: string | undefined;
}

/** A `state` as it came back. */
export type StateReading =
  | { readonly state: ConsentState }
  | { readonly refusal: 'state_invalid' | 'state_expired' };

/** Protects `state` and the cookie. */
export interface ConsentSeal {
  sealState(state: ConsentState, expiresAt: number): Promise<string>;
  openState(text: string): Promise<StateReading>;
  sealSession(session: ConsentSession): Promise<string>;
  /** `undefined`: not one of ours, or its time is over. */
  openSession(text: string): Promise<ConsentSession | undefined>;
}

const stateSchema = v.object({
  sid: v.string(),
  leg: v.picklist(['sign-in', 'consent']),
  tenantId: v.optional(v.string()),
});
const sessionSchema = v.object({
  sid: v.string(),
  invitation: v.string(),
  nonce: v.string(),
  codeVerifier: v.string(),
  expiresAt: v.number(),
  tenantId: v.optional(v.string()),
  userName: v.optional(v.string()),
  done: v.optional(v.boolean()),
});

/** Creates the seal of what crosses the browser. */
export function createConsentSeal(seal: Seal): ConsentSeal {
  return {
    sealState: (state, expiresAt) => seal.seal('consent state', state, { expiresAt }),
    async openState(text) {
      const opened = await seal.open('consent state', text);
      if ('problem' in opened) {
        return { refusal: opened.problem === 'expired' ? 'state_expired' : 'state_invalid' };
      }
      const state = v.safeParse(stateSchema, opened.value);
      return state.success ? { state: state.output } : { refusal: 'state_invalid' };
    },
    sealSession: (session) =>
      seal.seal('consent cookie', session, { expiresAt: session.expiresAt }),
    async openSession(text) {
      const opened = await seal.open('consent cookie', text);
      const session = v.safeParse(sessionSchema, 'value' in opened ? opened.value : undefined);
      return session.success ? session.output : undefined;
    },
  };
}
