import type { Config } from '../../shared/config.ts';
import { createAttempts } from '../../shared/consent/attempt.ts';
import { createConsentFlow } from '../../shared/consent/consent-flow.ts';
import { createConsentSeal } from '../../shared/consent/consent-seal.ts';
import { createFindOutcome } from '../../shared/consent/outcome.ts';
import type { PageContext } from '../../shared/consent/page/site.ts';
import { createAdmit } from '../../shared/invitations/admission.ts';
import { toConsentUrl } from '../../shared/invitations/invitation.ts';
import { createInvitationAdministration } from '../../shared/invitations/invitation-administration.ts';
import { createInvite } from '../../shared/invitations/invite.ts';
import { createGetConsentUrl } from '../../shared/invitations/reconsent.ts';
import type { Log } from '../../shared/log.ts';
import { listPermissions } from '../../shared/resources/permissions.ts';
import { createProveTenant } from '../../shared/verification/proof.ts';
import { createVerifier } from '../../shared/verification/verification.ts';
import type { Entra } from './entra.ts';
import type { SignIns } from './sign-ins.ts';
import type { Storage } from './storage.ts';
import type { Tokens } from './tokens.ts';

const { now } = Date;

/** Wires onboarding: invitations, the browser flow and the proof. */
export function composeConsent(
  config: Config,
  {
    storage,
    entra,
    signIns,
    tokens,
    log,
  }: { storage: Storage; entra: Entra; signIns: SignIns; tokens: Tokens; log: Log },
) {
  const { publicBaseUrl, requiredRoles, optionalRoles } = config;
  const { tenants, invitations, enqueueVerification, findTombstone } = storage;
  const { issueToken, resolveTenant, seal } = entra;
  const { keep, clearRetryStates } = tokens.broker;
  const invite = createInvite({ invitations, resolveTenant, findTombstone, publicBaseUrl, now });
  const proof = { issueToken, keep, requiredRoles, optionalRoles, now };
  const verifier = createVerifier({
    tenants,
    invitations,
    proveTenant: createProveTenant(proof),
    enqueue: enqueueVerification,
    clearRetryStates,
    advanceEpoch: tokens.watch.advance,
    log,
    now,
  });
  const { acceptConsent } = verifier;
  const attempts = createAttempts({ rows: storage.attemptRows, seal });
  const pageContext = toPageContext(config);
  const consentFlow = createConsentFlow({
    invitations,
    attempts,
    seal: createConsentSeal(seal),
    entra: signIns.consentEndpoints,
    resolveTenant,
    asked: new Set([...requiredRoles.keys(), ...optionalRoles.keys()]),
    admit: createAdmit(findTombstone),
    acceptConsent,
    statusUrl: pageContext.statusUrl,
    log,
    now,
  });
  const administration = { invitations, tenants, resolveTenant, acceptConsent, now };
  return {
    invite,
    invitationAdministration: createInvitationAdministration(administration),
    verifier,
    consentFlow,
    findOutcome: createFindOutcome({ attempts, invitations, tenants, now }),
    pageContext,
    toConsentUrl: (invitationId: string) => toConsentUrl(publicBaseUrl, invitationId),
    getConsentUrl: createGetConsentUrl({ invite, tenants, publicBaseUrl, now }),
  };
}

/** What the pages say to every visitor. */
function toPageContext({
  partner,
  clientId,
  requiredRoles,
  optionalRoles,
  authority,
  publicBaseUrl,
}: Config): PageContext {
  const required = listPermissions(requiredRoles);
  const isRequired = new Set(required.map(({ resource, role }) => `${resource}:${role}`));
  return {
    partner,
    clientId,
    required,
    optional: listPermissions(optionalRoles).filter(
      ({ resource, role }) => !isRequired.has(`${resource}:${role}`),
    ),
    authority,
    startUrl: `${publicBaseUrl}/api/consent/start`,
    statusUrl: `${publicBaseUrl}/api/consent/status`,
  };
}
