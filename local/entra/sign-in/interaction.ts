import type { Call, EntraState } from '../context.ts';
import type { Tenant, User } from '../directory/directory-model.ts';
import { EntraError } from '../errors.ts';
import { isTenantIndependent, requireTenant } from '../tenant-segment.ts';

/** A person of a tenant. */
export interface Account {
  readonly tenant: Tenant;
  readonly user: User;
}

/** What the person did on the page, or `view` before there was one. */
export interface Interaction {
  readonly action: 'view' | 'sign-in' | 'accept' | 'cancel' | 'switch';
  /** Who is signed in, when the tenant of the path takes them. */
  readonly account: Account | undefined;
  /** `Set-Cookie` of a session that just started. */
  readonly cookie: string | undefined;
}

/** Reads the posted form and the session cookie. */
export async function readInteraction(state: EntraState, call: Call): Promise<Interaction> {
  const { request } = call;
  const form = new URLSearchParams(request.method === 'POST' ? await request.text() : '');
  const oid = form.get('user');
  if (oid !== null) {
    const account = eligibleAccounts(state, call).find(({ user }) => user.oid === oid);
    if (account === undefined) throw unknownAccount(call);
    const session = { tenantId: account.tenant.tenantId, oid };
    return { action: 'sign-in', account, cookie: state.sessions.start(session) };
  }
  const account = findSignedIn(state, call);
  return { action: toAction(form.get('action')), account, cookie: undefined };
}

/** The accounts that the tenant of the path takes: everybody for `common` and `organizations`. */
export function eligibleAccounts({ directory }: EntraState, call: Call): readonly Account[] {
  if (call.segment === 'consumers') return [];
  const independent = isTenantIndependent(call.segment);
  return accountsOf(independent ? directory.tenants.values() : [requireTenant(call)]);
}

function accountsOf(tenants: Iterable<Tenant>): readonly Account[] {
  const accounts: Account[] = [];
  for (const tenant of tenants) {
    if (!tenant.exists) continue;
    for (const user of tenant.users) accounts.push({ tenant, user });
  }
  return accounts;
}

function findSignedIn(state: EntraState, call: Call): Account | undefined {
  const session = state.sessions.find(call.request.headers.get('cookie'));
  const tenant = state.directory.tenants.get(session?.tenantId ?? '');
  const user = tenant?.users.find(({ oid }) => oid === session?.oid);
  if (tenant === undefined || user === undefined || !tenant.exists) return undefined;
  const elsewhere = call.tenant !== undefined && call.tenant !== tenant;
  return elsewhere || call.segment === 'consumers' ? undefined : { tenant, user };
}

function toAction(value: string | null): 'view' | 'accept' | 'cancel' | 'switch' {
  return value === 'accept' || value === 'cancel' || value === 'switch' ? value : 'view';
}

function unknownAccount({ segment }: Call): EntraError {
  return new EntraError(
    50020,
    `User account does not exist in tenant '${segment}' and cannot access the application in ` +
      'that tenant. Sign out and sign in again with a different account.',
  );
}
