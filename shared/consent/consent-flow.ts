import { randomBytes } from 'node:crypto';
import { findGuid } from '../guid.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store.ts';
import type { Admit } from './admission.ts';
import type { ConsentLeg, ConsentSeal, ConsentSession, ConsentState } from './consent-seal.ts';
import type { EntraConsent } from './entra-consent.ts';
import { hashInvitationId, type Invitation, type InvitationStore } from './invitation.ts';
import { ConsentRefused, toRefusal } from './refusal.ts';

/** The query parameters that Entra's redirects may carry; every one is a claim of whoever sent the browser here. */
export interface ConsentAnswer {
  readonly state?: string | undefined;
  readonly code?: string | undefined;
  readonly error?: string | undefined;
  readonly error_description?: string | undefined;
  readonly admin_consent?: string | undefined;
  readonly tenant?: string | undefined;
}

/** Where the browser goes next, with its new cookie. */
export interface ConsentStep {
  readonly location: string;
  readonly cookie: string;
}

/** Values of `state` that were used, until they would have expired anyway. */
export type UsedStateStore = Store<string, { readonly id: string; readonly expiresAt: number }>;

/** Called when an admin's consent was accepted; starts the proof. Idempotent. */
export type AcceptConsent = (tenantId: string, invitation: Invitation) => Promise<void>;

/** What the flow is made of. */
export interface ConsentFlowParts {
  readonly invitations: InvitationStore;
  readonly usedStates: UsedStateStore;
  readonly seal: ConsentSeal;
  readonly entra: EntraConsent;
  /** Asked before the admin is, so that nobody consents in vain. */
  readonly admit: Admit;
  readonly acceptConsent: AcceptConsent;
  /** The page that tells how the proof goes. */
  readonly statusUrl: string;
  readonly log: Log;
  readonly now: () => number;
}

/** Onboarding in a browser: first who it is, then the consent, believing only tokens. */
export interface ConsentFlow {
  /** Sends the browser to sign in; rejects with ConsentRefused. */
  start(invitationId: string): Promise<ConsentStep>;
  /** Takes an answer of Entra; rejects with ConsentRefused. */
  answer(answer: ConsentAnswer, cookie: string | undefined): Promise<ConsentStep>;
  /** The tenant whose consent this browser gave, and who gave it; `undefined`: none. */
  findConsented(cookie: string | undefined): Promise<ConsentSession | undefined>;
}

/** An admin who has to look for a second factor or a colleague is still in time. */
export const ATTEMPT_LIFE = 30 * 60_000;

/** The tenant of personal Microsoft accounts, which has no directory to consent for. */
const PERSONAL_ACCOUNTS = '9188040d-6c67-4c5b-b112-36a304b66dad';

/** Creates the flow. */
export function createConsentFlow(parts: ConsentFlowParts): ConsentFlow {
  const { seal, entra } = parts;
  return {
    async start(invitationId) {
      const invitation = await findInvitation(parts, invitationId);
      const expiresAt = parts.now() + ATTEMPT_LIFE;
      const session = { sid: random(), invitation: invitationId, expiresAt, ...createSecrets() };
      const location = entra.toSignInUrl({
        tenantId: invitation.tenantId,
        state: await sign(parts, session, 'sign-in'),
        nonce: session.nonce,
        codeVerifier: session.codeVerifier,
      });
      return { location, cookie: await seal.sealSession(session) };
    },
    async answer(answer, cookie) {
      const state = await readState(parts, answer.state);
      const session = await openSession(parts, state, cookie);
      await useUp(parts, state);
      if (answer.error) throw toRefusal(answer.error, answer.error_description ?? '');
      return state.leg === 'sign-in'
        ? await afterSignIn(parts, session, answer)
        : await afterConsent(parts, session, answer);
    },
    async findConsented(cookie) {
      const session = await openCookie(parts, cookie);
      return session?.done ? session : undefined;
    },
  };
}

async function findInvitation({ invitations, now }: ConsentFlowParts, id: string) {
  const invitation = (await invitations.find(hashInvitationId(id)))?.value;
  if (!invitation) throw new ConsentRefused('invitation_unknown');
  if (invitation.usedBy) throw new ConsentRefused('invitation_used');
  if (invitation.expiresAt <= now()) throw new ConsentRefused('invitation_expired');
  return invitation;
}

function sign({ seal, now }: ConsentFlowParts, { sid, tenantId }: ConsentSession, leg: ConsentLeg) {
  return seal.sealState({ sid, leg, tenantId }, now() + ATTEMPT_LIFE);
}

async function readState({ seal }: ConsentFlowParts, text: string | undefined) {
  if (!text) throw new ConsentRefused('state_missing');
  const reading = await seal.openState(text);
  if ('refusal' in reading) throw new ConsentRefused(reading.refusal);
  return reading.state;
}

async function openCookie({ seal }: ConsentFlowParts, cookie: string | undefined) {
  return cookie === undefined ? undefined : await seal.openSession(cookie);
}

/** The session that asked: this browser's, for this attempt and this tenant. */
async function openSession(
  parts: ConsentFlowParts,
  state: ConsentState,
  cookie: string | undefined,
) {
  const session = await openCookie(parts, cookie);
  if (session?.sid !== state.sid || session.tenantId !== state.tenantId) {
    throw new ConsentRefused('other_browser');
  }
  return session;
}

async function useUp({ usedStates, now }: ConsentFlowParts, { sid, leg }: ConsentState) {
  const used = await usedStates.insert({ id: `${sid}.${leg}`, expiresAt: now() + ATTEMPT_LIFE });
  if (!used) throw new ConsentRefused('state_replayed');
}

/** Now it is known who consents: on to the consent, for that tenant only. */
async function afterSignIn(
  parts: ConsentFlowParts,
  session: ConsentSession,
  { code }: ConsentAnswer,
): Promise<ConsentStep> {
  if (!code) throw new ConsentRefused('sign_in_failed');
  const invitation = await findInvitation(parts, session.invitation);
  const { codeVerifier, nonce } = session;
  const redemption = { code, codeVerifier, nonce, tenantId: invitation.tenantId };
  const { tenantId, userName } = await parts.entra.redeemSignIn(redemption);
  if (tenantId === PERSONAL_ACCOUNTS) throw new ConsentRefused('personal_account');
  assertPinned(invitation, tenantId);
  await parts.admit(tenantId, invitation);
  const next = { ...session, ...createSecrets(), tenantId, userName };
  const location = parts.entra.toConsentUrl({
    flow: invitation.flow,
    tenantId,
    state: await sign(parts, next, 'consent'),
    nonce: next.nonce,
    codeVerifier: next.codeVerifier,
  });
  return { location, cookie: await parts.seal.sealSession(next) };
}

/** The consent is believed only for the tenant that signed in, and then it still has to be proven by token. */
async function afterConsent(
  parts: ConsentFlowParts,
  session: ConsentSession,
  answer: ConsentAnswer,
): Promise<ConsentStep> {
  const { tenantId } = session;
  if (!tenantId) throw new ConsentRefused('state_invalid');
  const invitation = await findInvitation(parts, session.invitation);
  const claimed =
    invitation.flow === 'adminconsent'
      ? readGrantedTenant(answer)
      : await redeemGrantedTenant(parts, session, answer);
  if (claimed !== tenantId) throw new ConsentRefused('wrong_tenant');
  assertPinned(invitation, tenantId);
  await parts.acceptConsent(tenantId, invitation);
  parts.log.info('consent.accepted', { tenant: tenantId, flow: invitation.flow });
  const cookie = await parts.seal.sealSession({ ...session, ...createSecrets(), done: true });
  return { location: parts.statusUrl, cookie };
}

/** The v2 endpoint names the tenant in the query: a claim, to be compared. */
function readGrantedTenant({ admin_consent, tenant = '' }: ConsentAnswer): string | undefined {
  if (admin_consent?.toLowerCase() !== 'true') throw new ConsentRefused('consent_failed');
  return findGuid(tenant);
}

/** The v1 link answers a code, and the token for it names the tenant. */
async function redeemGrantedTenant(
  { entra }: ConsentFlowParts,
  { codeVerifier, nonce, tenantId }: ConsentSession,
  { code }: ConsentAnswer,
): Promise<string> {
  if (!code) throw new ConsentRefused('consent_failed');
  return (await entra.redeemConsent({ code, codeVerifier, nonce, tenantId })).tenantId;
}

function assertPinned(invitation: Invitation, tenantId: string): void {
  if (invitation.tenantId && invitation.tenantId !== tenantId) {
    throw new ConsentRefused('wrong_tenant');
  }
}

/** Fresh per request to Entra: nonce (OpenID Connect Core section 3.1.2.1) and PKCE verifier (RFC 7636 section 4.1). */
function createSecrets() {
  return { nonce: random(), codeVerifier: random() };
}

function random(): string {
  return randomBytes(32).toString('base64url');
}
