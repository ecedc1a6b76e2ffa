import type { Config } from '../../shared/config.ts';
import { createAdmit } from '../../shared/consent/admission.ts';
import { createConsentFlow } from '../../shared/consent/consent-flow.ts';
import { createConsentSeal } from '../../shared/consent/consent-seal.ts';
import { createInvite } from '../../shared/consent/invitation.ts';
import { createProveTenant } from '../../shared/consent/proof.ts';
import { createGetConsentUrl } from '../../shared/consent/reconsent.ts';
import { createVerifier } from '../../shared/consent/verification.ts';
import type { Log } from '../../shared/log.ts';
import type { Entra } from './entra.ts';
import type { Storage } from './storage.ts';
import type { Tokens } from './tokens.ts';

const { now } = Date;

/** Wires onboarding: invitations, the browser flow and the proof. */
export function composeConsent(
  { publicBaseUrl, requiredRoles }: Config,
  { storage, entra, tokens, log }: { storage: Storage; entra: Entra; tokens: Tokens; log: Log },
) {
  const { tenants, invitations, usedStates, enqueueVerification, findTombstone } = storage;
  const { issueToken, resolveTenant, interactive } = entra;
  const { keep, clearSetbacks } = tokens.broker;
  const invite = createInvite({
    invitations,
    resolveTenant,
    findTombstone,
    publicBaseUrl,
    now,
  });
  const verifier = createVerifier({
    tenants,
    invitations,
    proveTenant: createProveTenant({ issueToken, keep, requiredRoles, now }),
    enqueue: enqueueVerification,
    clearSetbacks,
    advanceEpoch: tokens.watch.advance,
    log,
    now,
  });
  const statusUrl = `${publicBaseUrl}/api/consent/status`;
  const consentFlow = createConsentFlow({
    invitations,
    usedStates,
    seal: createConsentSeal(entra.seal),
    entra: interactive,
    admit: createAdmit(findTombstone),
    acceptConsent: verifier.acceptConsent,
    statusUrl,
    log,
    now,
  });
  const getConsentUrl = createGetConsentUrl({ invite, tenants, publicBaseUrl, now });
  return { invite, verifier, consentFlow, getConsentUrl, statusUrl };
}
