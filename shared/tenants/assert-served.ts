import { BrokerError } from '../errors.ts';
import { FAILURES } from '../tokens/failure-table.ts';
import type { GetConsentUrl } from './consent-url.ts';
import type { Tenant } from './tenant.ts';
import { toDisabledError } from './tenant-errors.ts';

/** A tenant that is being proven is usually proven within this time. */
const VERIFYING_RETRY_SECONDS = 10;

/** Rejects, with whose turn it is, unless the tenant's APIs may be used now. */
export async function assertServed(tenant: Tenant, getConsentUrl: GetConsentUrl): Promise<void> {
  switch (tenant.status) {
    case 'active':
    case 'partial':
      return;
    case 'verifying':
      throw new BrokerError('temporarily_unavailable', "The tenant's consent is being verified.", {
        owner: 'microsoft',
        remedy: 'Try again in some seconds; Microsoft applies a new consent within minutes.',
        retryAfterSeconds: VERIFYING_RETRY_SECONDS,
        isLocal: true,
      });
    case 'consent_revoked': {
      const { description, remedy, owner } = FAILURES[tenant.failure?.cause ?? 'consent_missing'];
      const consentUrl = await getConsentUrl(tenant);
      throw new BrokerError('consent_required', description, { owner, remedy, consentUrl });
    }
    case 'disabled':
      throw toDisabledError();
    case 'offboarded':
      return;
    default:
      tenant.status satisfies never;
  }
}

/** What the customer's admin can repair carries the link to do so. */
export async function withConsentUrl(
  error: unknown,
  tenant: Tenant,
  getConsentUrl: GetConsentUrl,
): Promise<unknown> {
  if (!(error instanceof BrokerError)) return error;
  if (error.code !== 'consent_required' && error.code !== 'missing_roles') return error;
  const consentUrl = await getConsentUrl(tenant);
  return new BrokerError(error.code, error.message, { ...error.details, consentUrl });
}
