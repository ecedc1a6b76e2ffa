import { findGuid } from '../guid.ts';
import { addClaim } from '../invitations/claims.ts';
import type { Invitation } from '../invitations/invitation.ts';
import { ConsentRefused } from '../invitations/refusal.ts';
import { change } from '../store.ts';
import type { Attempt, Person } from './attempt.ts';
import {
  assertPinned,
  type ConsentAnswer,
  type ConsentFlowParts,
  findUsable,
  toAccepted,
} from './consent-parts.ts';
import { mayConsent } from './consenting-roles.ts';

/**
 * The consent is believed only for the tenant that signed in, and then it still has to be proven by
 * token.
 */
export async function takeConsent(
  parts: ConsentFlowParts,
  attempt: Attempt,
  answer: ConsentAnswer,
): Promise<Attempt> {
  const { person } = attempt;
  if (!person) throw new ConsentRefused('state_invalid');
  const { tenantId } = person;
  const invitation = await findUsable(parts, attempt.invitationId, tenantId);
  const granted =
    invitation.flow === 'adminconsent'
      ? { tenantId: readGrantedTenant(answer), isAdmin: false }
      : await redeemGrant(parts, attempt, answer);
  if (granted.tenantId !== tenantId) throw new ConsentRefused('wrong_tenant');
  assertPinned(invitation, tenantId);
  const isTrusted = invitation.tenantId === tenantId || person.mayConsent || granted.isAdmin;
  if (isTrusted) await accept(parts, invitation, person);
  else await askForApproval(parts, invitation, person);
  return toAccepted(parts, { ...attempt, needsApproval: !isTrusted });
}

/** The v2 endpoint names the tenant in the query: a claim, to be compared. */
function readGrantedTenant({ admin_consent, tenant = '' }: ConsentAnswer): string | undefined {
  if (admin_consent?.toLowerCase() !== 'true') throw new ConsentRefused('consent_failed');
  return findGuid(tenant);
}

/** The v1 link answers a code, and the id_token for it names the tenant and who consented. */
async function redeemGrant(
  { entra, asked }: ConsentFlowParts,
  { codeVerifier, nonce, person }: Attempt,
  { code }: ConsentAnswer,
) {
  if (!code) throw new ConsentRefused('consent_failed');
  const redemption = { code, codeVerifier, nonce, tenantId: person?.tenantId };
  const { tenantId, directoryRoles } = await entra.redeemConsent(redemption);
  return { tenantId, isAdmin: mayConsent(directoryRoles, asked) };
}

/** The proof by token decides; nothing is used up before it. */
async function accept(
  { acceptConsent, log }: ConsentFlowParts,
  invitation: Invitation,
  { tenantId, domain }: Person,
): Promise<void> {
  if (invitation.usedBy === tenantId) return;
  await acceptConsent({ tenantId, domain, invitation });
  log.info('consent.accepted', { tenant: tenantId, flow: invitation.flow });
}

/**
 * Anybody can call the callback after a sign-in, without having been at the consent. Who is not
 * known to administer the tenant, and was not invited by its name, waits for an operator; others
 * may use the link meanwhile.
 */
async function askForApproval(
  { invitations, log, now }: ConsentFlowParts,
  { idHash }: Invitation,
  { tenantId, domain, userName }: Person,
): Promise<void> {
  const claim = { tenantId, domain, userName, claimedAt: now() };
  const claimed = await change(invitations, idHash, (current) => {
    const next = current && addClaim(current, claim);
    if (!next) throw new ConsentRefused('invitation_used');
    return next;
  });
  if (!claimed) throw new ConsentRefused('invitation_unknown');
  log.warn('consent.awaiting_approval', { tenant: tenantId });
}
