import { expectAnswer, reportSchema, tokenSchema } from '../answers.ts';
import type { Customer, DemoContext } from '../context.ts';
import { DemoError, expectSame } from '../demo-error.ts';
import type { Notes } from '../progress.ts';

/** A brokered token and what the broker's own validation says of it. */
interface Token {
  readonly accessToken: string;
  /** Tells tokens apart without showing one. */
  readonly hash: string;
  readonly roles: readonly string[];
  readonly secondsLeft: number;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  readonly refreshAt: number;
}

/** Gets a customer's token by any of its names and has it validated. */
export async function getToken(
  { call }: DemoContext,
  { tenantId }: Customer,
  name: string,
): Promise<Token> {
  const answer = await call(`POST /tenants/${name}/token`);
  const token = expectAnswer(answer, 200, tokenSchema);
  expectSame('the tenant of the token', token.tenant_id, tenantId);
  expectSame('whether the token is a fallback', token.degraded, false);
  const validated = await call('POST /tokens/validate', { access_token: token.access_token });
  const report = expectAnswer(validated, 200, reportSchema);
  expectSame('the problems of the token', report.problems.join(', '), '');
  expectSame('the validity of the token', report.valid, true);
  expectSame('the tenant in the token', report.tenant_id, tenantId);
  return {
    accessToken: token.access_token,
    hash: report.token_hash,
    roles: token.roles,
    secondsLeft: report.seconds_left ?? 0,
    expiresAt: token.expires_at * 1000,
    refreshAt: Date.now() + token.refresh_in * 1000,
  };
}

/**
 * Gets every customer's token by domain, by tenant id and once more: one token each, another for
 * each customer.
 */
export async function getTokens(context: DemoContext, { note }: Notes): Promise<void> {
  const hashes = new Set<string>();
  for (const customer of Object.values(context.customers)) {
    const byDomain = await getToken(context, customer, customer.domain);
    const byId = await getToken(context, customer, customer.tenantId);
    const again = await getToken(context, customer, customer.domain);
    expectSame('the token asked for by tenant id', byId.hash, byDomain.hash);
    expectSame('the token asked for once more', again.hash, byDomain.hash);
    hashes.add(byDomain.hash);
    const token = `${customer.name.padEnd(9)} token ${toShort(byDomain.hash)}`;
    note(`${token}, the same by domain, by tenant id and once more: valid`);
  }
  if (hashes.size === 3) return;
  throw new DemoError(`Expected: a token of its own for each customer\nGot: ${hashes.size} tokens`);
}

/** Enough of a hash to tell a handful of tokens apart. */
export function toShort(hash: string): string {
  return hash.slice(0, 8);
}
