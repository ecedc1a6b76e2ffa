import { ConsentRefused } from '../invitations/refusal.ts';
import { type Attempt, createRandom, type Person } from './attempt.ts';
import {
  assertPinned,
  type ConsentAnswer,
  type ConsentFlowParts,
  findOpen,
  findUsable,
  recordProgress,
  toAccepted,
} from './consent-parts.ts';
import { mayConsent } from './consenting-roles.ts';

/** The tenant of personal Microsoft accounts, which has no directory to consent for. */
const PERSONAL_ACCOUNTS = '9188040d-6c67-4c5b-b112-36a304b66dad';

/** Now it is known who consents: on to the consent, for that tenant only. */
export async function takeSignIn(
  parts: ConsentFlowParts,
  attempt: Attempt,
  { code }: ConsentAnswer,
): Promise<Attempt> {
  if (!code) throw new ConsentRefused('sign_in_failed');
  const { invitationId, codeVerifier, nonce, signInTenantId } = attempt;
  await findOpen(parts, invitationId);
  const redemption = { code, codeVerifier, nonce, tenantId: signInTenantId };
  const { tenantId, userName, directoryRoles } = await parts.entra.redeemSignIn(redemption);
  if (tenantId === PERSONAL_ACCOUNTS) throw new ConsentRefused('personal_account');
  const invitation = await findUsable(parts, invitationId, tenantId);
  assertPinned(invitation, tenantId);
  await parts.admit(tenantId, invitation);
  await recordProgress(parts, invitation.idHash, 'signedInAt');
  const domain = await findDomain(parts, tenantId, userName);
  const isAdmin = mayConsent(directoryRoles, parts.asked);
  const person: Person = { tenantId, userName, domain, mayConsent: isAdmin };
  if (invitation.usedBy === tenantId) return toAccepted(parts, { ...attempt, person });
  const secrets = { nonce: createRandom(), codeVerifier: createRandom() };
  return { ...attempt, ...secrets, stage: 'signed_in', stageAt: parts.now(), person };
}

/**
 * A guest's name ends in another organisation's domain, so Entra has to confirm whose it is;
 * without that it is left out.
 */
async function findDomain(
  { resolveTenant }: ConsentFlowParts,
  tenantId: string,
  userName = '',
): Promise<string | undefined> {
  const [, domain] = /@([^@\s]+)$/.exec(userName.toLowerCase()) ?? [];
  if (domain === undefined) return undefined;
  try {
    return (await resolveTenant(domain)) === tenantId ? domain : undefined;
  } catch {
    return undefined;
  }
}
