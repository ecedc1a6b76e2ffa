import { consentRequiredSchema, expectAnswer, tenantSchema } from '../answers.ts';
import type { Customer, DemoContext } from '../context.ts';
import { expectSame } from '../demo-error.ts';
import { flip } from '../environment.ts';
import type { Notes } from '../progress.ts';
import { getToken } from './tokens.ts';

/**
 * Takes a consent away and asserts that the broker finds out, for this customer alone; answers the
 * repairing link.
 */
export async function findRevokedConsent(
  context: DemoContext,
  customer: Customer,
  { note }: Notes,
): Promise<string> {
  const { call } = context;
  await flip(context.fetch, context.environment, `revoke-consent?tenant=${customer.domain}`);
  const verified = await call(`POST /tenants/${customer.tenantId}/verify`);
  const { status, consent_url } = expectAnswer(verified, 200, tenantSchema);
  expectSame('the status of the tenant', status, 'consent_revoked');
  const refused = await call(`POST /tenants/${customer.domain}/token`);
  const refusal = expectAnswer(refused, 409, consentRequiredSchema);
  expectSame('the link in the refusal', refusal.consent_url, consent_url);
  note(
    `${customer.name}'s token is refused: 409 ${refusal.error}, the ${refusal.owner} has to act`,
  );
  note(`Remedy: ${refusal.remedy}`);
  const others = Object.values(context.customers).filter((other) => other !== customer);
  for (const other of others) await getToken(context, other, other.domain);
  note(`${others.map(({ name }) => name).join(' and ')} go on as before`);
  return refusal.consent_url;
}
