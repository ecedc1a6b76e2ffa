import type { Invitation } from '../invitations/invitation.ts';
import { type Attempt, createRandom, hashBrowser } from './attempt.ts';
import { takeAnswer } from './consent-answer.ts';
import {
  ATTEMPT_LIFE_MS,
  type ConsentAnswer,
  type ConsentFlowParts,
  type ConsentStep,
  findUsable,
  recordProgress,
} from './consent-parts.ts';

/**
 * Onboarding in a browser: first who it is, then the consent, believing only tokens. Every method
 * may reject with ConsentRefused.
 */
export interface ConsentFlow {
  /** What a link is for; nothing is written, since scanners open links. */
  open(invitationId: string): Promise<Invitation>;
  /** The button: begins an attempt of this browser and sends it to sign in. */
  start(invitationId: string, cookie: string | undefined): Promise<StartedAttempt>;
  /** Takes an answer of Entra. */
  answer(answer: ConsentAnswer, cookie: string | undefined): Promise<ConsentStep>;
}

/** Where the browser goes, with the cookie by which it is known from now on. */
interface StartedAttempt {
  readonly location: string;
  readonly cookie: string;
}

/** Creates the flow. */
export function createConsentFlow(parts: ConsentFlowParts): ConsentFlow {
  return {
    open: (invitationId) => findUsable(parts, invitationId),
    async start(invitationId, cookie) {
      const { tenantId, idHash } = await findUsable(parts, invitationId);
      const browser = await recogniseBrowser(parts, cookie);
      const attempt = createAttempt(parts, { invitationId, browser, signInTenantId: tenantId });
      await parts.attempts.insert(attempt);
      await recordProgress(parts, idHash, 'openedAt');
      return { location: await toSignInUrl(parts, attempt), cookie: browser };
    },
    answer: (answer, cookie) => takeAnswer(parts, answer, cookie),
  };
}

/**
 * A browser keeps its cookie while it has attempts; a value that we do not know may be somebody
 * else's invention.
 */
async function recogniseBrowser(
  { attempts }: ConsentFlowParts,
  cookie: string | undefined,
): Promise<string> {
  if (cookie === undefined) return createRandom();
  const known = await attempts.list(hashBrowser(cookie));
  return known.length > 0 ? cookie : createRandom();
}

function createAttempt(
  { now }: ConsentFlowParts,
  asked: { invitationId: string; browser: string; signInTenantId: string | undefined },
): Attempt {
  const { invitationId, browser, signInTenantId } = asked;
  return {
    browserHash: hashBrowser(browser),
    sid: createRandom(),
    invitationId,
    signInTenantId,
    stage: 'started',
    stageAt: now(),
    expiresAt: now() + ATTEMPT_LIFE_MS,
    nonce: createRandom(),
    codeVerifier: createRandom(),
  };
}

async function toSignInUrl(
  { seal, entra }: ConsentFlowParts,
  { sid, nonce, codeVerifier, expiresAt, signInTenantId }: Attempt,
): Promise<string> {
  const state = await seal.sealState({ sid, leg: 'sign-in' }, expiresAt);
  return entra.toSignInUrl({ tenantId: signInTenantId, state, nonce, codeVerifier });
}
