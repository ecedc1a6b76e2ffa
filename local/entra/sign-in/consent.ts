import type { Call } from '../context.ts';
import { grantConsent, mayGrant, missingResources } from '../directory/grants.ts';
import { getResource } from '../directory.ts';
import { EntraError } from '../errors.ts';
import { findEffect } from '../faults.ts';
import { adminConsentPage, approvalPage, type ConsentQuestion } from './pages.ts';

/** A page that has to be answered first, or nothing when the app roles are granted. */
export interface ConsentDecision {
  readonly page: Response | undefined;
}

/** Asks for tenant-wide consent, and grants it once an administrator accepted; throws 650052. */
export function decideConsent(
  call: Call,
  question: ConsentQuestion,
  accepted: boolean,
): ConsentDecision {
  const { application, directory, account } = question;
  if (!mayGrant(account.user, application.requiredAppRoles)) {
    call.notes.errorCode = 90094;
    return { page: approvalPage(call, question) };
  }
  const where = { tenantId: account.tenant.tenantId, clientId: application.clientId };
  const unlicensed = findEffect(call.effects, 'licence-missing') !== undefined;
  const required = Object.keys(application.requiredAppRoles);
  const missing = unlicensed ? required : missingResources(directory, where);
  const [first] = missing;
  if (first !== undefined) {
    const { appId, displayName } = getResource(directory, first);
    throw new EntraError(
      650052,
      `The app is trying to access a service '${appId}'(${displayName}) that your organization ` +
        `'${where.tenantId}' lacks a service principal for. Contact your IT Admin to review the ` +
        'configuration of your service subscriptions or consent to the application in order to ' +
        'create the required service principal.',
    );
  }
  if (!accepted) return { page: adminConsentPage(call, question) };
  grantConsent(directory, where);
  return { page: undefined };
}
