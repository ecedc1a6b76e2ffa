import * as v from 'valibot';
import type { Seal } from '../crypto/seal.ts';

/** The step that an answer of Entra belongs to. */
export type ConsentLeg = 'sign-in' | 'consent';

/**
 * The value that crosses the redirect (RFC 6749 section 10.12): which attempt, which step, which
 * tenant.
 */
export interface ConsentState {
  readonly sid: string;
  readonly leg: ConsentLeg;
  readonly tenantId?: string | undefined;
}

/** A `state` as it came back. */
type StateReading =
  | { readonly state: ConsentState }
  | { readonly refusal: 'state_invalid' | 'state_expired' };

/** Protects `state`. */
export interface ConsentSeal {
  sealState(state: ConsentState, expiresAt: number): Promise<string>;
  openState(text: string): Promise<StateReading>;
}

const stateSchema = v.object({
  sid: v.string(),
  leg: v.picklist(['sign-in', 'consent']),
  tenantId: v.optional(v.string()),
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
  };
}
