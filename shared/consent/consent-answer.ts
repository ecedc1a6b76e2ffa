import { ConsentRefused, toRefusal } from '../invitations/refusal.ts';
import type { Stored } from '../store.ts';
import { MINUTE } from '../time.ts';
import { type Attempt, hashBrowser } from './attempt.ts';
import {
  type ConsentAnswer,
  type ConsentFlowParts,
  type ConsentStep,
  findUsable,
} from './consent-parts.ts';
import type { ConsentLeg, ConsentState } from './consent-seal.ts';
import { takeConsent } from './consent-step.ts';
import { takeSignIn } from './sign-in-step.ts';

// An answer of Entra moves an attempt by one stage, under the version that was read: of two
// deliveries of one answer one moves it, and the other finds how far it has come. Example: a double
// click sends the sign-in's answer twice; the first redeems the code, the second waits for a page
// or two and is then sent to the consent as well.

/**
 * A request that holds an attempt for longer has died: no step waits so long for Entra and storage.
 */
const MAX_STEP_MS = MINUTE;

/** Takes an answer of Entra; rejects with ConsentRefused. */
export async function takeAnswer(
  parts: ConsentFlowParts,
  answer: ConsentAnswer,
  cookie: string | undefined,
): Promise<ConsentStep> {
  const state = await readState(parts, answer.state);
  const stored = await findAttempt(parts, state, cookie);
  const working = await beginStep(parts, stored, state.leg);
  if (!working) return await resume(parts, state, cookie);
  try {
    const next = await takeStep(parts, working.value, answer);
    await parts.attempts.replace(working, next);
    return await toStep(parts, next);
  } catch (error) {
    throw await endAttempt(parts, working, error);
  }
}

async function readState({ seal }: ConsentFlowParts, text: string | undefined) {
  if (!text) throw new ConsentRefused('state_missing');
  const reading = await seal.openState(text);
  if ('refusal' in reading) throw new ConsentRefused(reading.refusal);
  return reading.state;
}

/** The attempt that asked: this browser's, and for this tenant. */
async function findAttempt(
  { attempts }: ConsentFlowParts,
  { sid, leg, tenantId }: ConsentState,
  cookie: string | undefined,
): Promise<Stored<Attempt>> {
  const stored =
    cookie === undefined
      ? undefined
      : await attempts.find({ browserHash: hashBrowser(cookie), sid });
  const isSame = leg === 'sign-in' || stored?.value.person?.tenantId === tenantId;
  if (!stored || !isSame) throw new ConsentRefused('other_browser');
  return stored;
}

/**
 * Moves the attempt to where nobody else works on the same answer; `undefined`: somebody does, or
 * did.
 */
async function beginStep(
  { attempts, now }: ConsentFlowParts,
  stored: Stored<Attempt>,
  leg: ConsentLeg,
): Promise<Stored<Attempt> | undefined> {
  const { value } = stored;
  const [before, during] =
    leg === 'sign-in' ? (['started', 'redeeming'] as const) : (['signed_in', 'accepting'] as const);
  if (value.stage !== before) return undefined;
  return await attempts.replace(stored, { ...value, stage: during, stageAt: now() });
}

async function takeStep(
  parts: ConsentFlowParts,
  attempt: Attempt,
  answer: ConsentAnswer,
): Promise<Attempt> {
  const { error, error_subcode: subcode, error_description: description } = answer;
  if (error !== undefined) throw toRefusal({ error, subcode, description });
  return attempt.stage === 'redeeming'
    ? await takeSignIn(parts, attempt, answer)
    : await takeConsent(parts, attempt, answer);
}

/** Another delivery of the same answer: it leads to where the attempt stands by now. */
async function resume(
  parts: ConsentFlowParts,
  state: ConsentState,
  cookie: string | undefined,
): Promise<ConsentStep> {
  const { value } = await findAttempt(parts, state, cookie);
  return await toStep(parts, value);
}

async function toStep(parts: ConsentFlowParts, attempt: Attempt): Promise<ConsentStep> {
  const { stage, stageAt, invitationId, refused } = attempt;
  switch (stage) {
    case 'started':
      throw new ConsentRefused('state_invalid');
    case 'redeeming':
    case 'accepting':
      if (parts.now() - stageAt < MAX_STEP_MS) return { wait: true };
      throw new ConsentRefused('try_later', { invitationId });
    case 'signed_in':
      return { location: await toConsentUrl(parts, attempt) };
    case 'accepted':
      return { location: parts.statusUrl };
    case 'refused':
      throw new ConsentRefused(refused?.refusal ?? 'try_later', { ...refused, invitationId });
  }
}

async function toConsentUrl(parts: ConsentFlowParts, attempt: Attempt): Promise<string> {
  const { sid, nonce, codeVerifier, expiresAt, invitationId, person } = attempt;
  if (!person) throw new ConsentRefused('state_invalid');
  const { tenantId } = person;
  const { flow } = await findUsable(parts, invitationId, tenantId);
  const state = await parts.seal.sealState({ sid, leg: 'consent', tenantId }, expiresAt);
  return parts.entra.toConsentUrl({ flow, tenantId, state, nonce, codeVerifier });
}

/** A refusal is kept with the attempt, so that a second delivery of the answer hears the same. */
async function endAttempt(
  { attempts, now }: ConsentFlowParts,
  working: Stored<Attempt>,
  error: unknown,
): Promise<unknown> {
  const { invitationId } = working.value;
  const { refusal, details } =
    error instanceof ConsentRefused ? error : new ConsentRefused('try_later');
  const refused = { refusal, entraCode: details.entraCode };
  await attempts.replace(working, {
    ...working.value,
    stage: 'refused',
    stageAt: now(),
    refused,
  });
  if (!(error instanceof ConsentRefused)) return error;
  return new ConsentRefused(refusal, { ...details, invitationId });
}
