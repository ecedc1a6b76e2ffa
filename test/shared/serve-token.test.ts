import { expect, test, vi } from 'vitest';
import type { AdmitCaller } from '../../shared/admit-caller.ts';
import type { ExchangeMemo } from '../../shared/exchange-memo.ts';
import { createServeToken } from '../../shared/serve-token.ts';
import { createTenant } from '../../shared/tenants/tenant.ts';
import { toDeniedError } from '../../shared/tenants/tenant-errors.ts';
import type { BrokeredToken } from '../../shared/tokens/brokered-token.ts';
import { TENANT } from '../support/tokens.ts';

const TOKEN = { accessToken: 'secret' } as BrokeredToken;
const REQUEST = {
  caller: { id: 'caller', kind: 'application', roles: [] },
  tenant: TENANT,
  resource: 'graph',
  minTtlMs: 0,
  correlationId: 'c',
} as const;

/** An exchange; `recording`: the token is new to the caller. */
function setUp(recording: Promise<void> | undefined) {
  const memo = { find: vi.fn(), begin: vi.fn(), keep: vi.fn(), forget: vi.fn() };
  const admission = { tenant: createTenant(TENANT, 0), rule: 'all' };
  const admit = vi.fn<AdmitCaller>().mockResolvedValue(admission);
  const serveToken = createServeToken({
    admit,
    parseResource: () => 'graph',
    recordIssuance: () => recording,
    broker: { getToken: () => Promise.resolve(TOKEN) },
    memo: memo satisfies ExchangeMemo,
    getConsentUrl: () => Promise.resolve(undefined),
  });
  return { admit, memo, serveToken };
}

test('a token that is new to the caller leaves only if the caller may still have it', async () => {
  const { admit, serveToken } = setUp(Promise.resolve());
  expect(await serveToken(REQUEST)).toBe(TOKEN);
  admit.mockResolvedValueOnce({ tenant: createTenant(TENANT, 0), rule: 'all' });
  admit.mockRejectedValueOnce(toDeniedError());
  await expect(serveToken(REQUEST)).rejects.toMatchObject({ code: 'access_denied' });
});

test('a token that the caller has had leaves only if the caller may still have it', async () => {
  const { admit, memo, serveToken } = setUp(undefined);
  admit.mockResolvedValueOnce({ tenant: createTenant(TENANT, 0), rule: 'all' });
  admit.mockRejectedValueOnce(toDeniedError());
  await expect(serveToken(REQUEST)).rejects.toMatchObject({ code: 'access_denied' });
  expect(memo.keep).not.toHaveBeenCalled();
});

test('a token that the caller has had is remembered', async () => {
  const { memo, serveToken } = setUp(undefined);
  await serveToken(REQUEST);
  expect(memo.keep).toHaveBeenCalledTimes(1);
});

test('a token that is new to the caller is not remembered', async () => {
  const { memo, serveToken } = setUp(Promise.resolve());
  await serveToken(REQUEST);
  expect(memo.keep).not.toHaveBeenCalled();
});
