import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { settleAll } from '../../shared/concurrency.ts';
import { createRequestToken } from '../../shared/entra/token-endpoint.ts';
import { createTenantDirectory } from '../../shared/tenants/tenant-directory.ts';
import type { RequestToken } from '../../shared/tokens/token-issuer.ts';
import type { TokenKey } from '../../shared/tokens/token-record.ts';
import type { Row, SectionResult } from '../report/row.ts';
import { reportSection } from '../report/section.ts';
import { CLIENT_ID, makeAccessToken, RESOURCES } from '../support/access-token.ts';
import { createBenchBroker } from '../support/broker.ts';
import { createFixedCredential } from '../support/credential.ts';
import {
  createActiveTenant,
  createForgetfulTokenStore,
  createMemoryTenantStore,
} from '../support/memory-store.ts';

const TOKENS = 20_000;

/**
 * Entra's answer without a network: the request, the parsing and the comparison are the broker's
 * own.
 */
function createEntraRequest(): RequestToken {
  return createRequestToken({
    fetch: (input) => {
      const [, tenantId = ''] = new URL(String(input)).pathname.split('/');
      const access_token = makeAccessToken({ tenantId, resource: 'defender-xdr' });
      return Promise.resolve(
        Response.json({ token_type: 'Bearer', expires_in: 3599, access_token }),
      );
    },
    authority: 'https://login.microsoftonline.com',
    clientId: CLIENT_ID,
    resources: RESOURCES,
    credential: createFixedCredential('a secret'),
  });
}

/** What the process holds, in MB, when V8 has given back what it keeps ready for garbage. */
async function weigh(): Promise<{ resident: number; heap: number }> {
  if (!globalThis.gc) throw new Error('Run this with --expose-gc.');
  for (let turn = 0; turn < 5; turn++) {
    await globalThis.gc({ type: 'major', execution: 'async', flavor: 'last-resort' });
    await sleep(50);
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { resident: rss / 2 ** 20, heap: (heapUsed + external) / 2 ** 20 };
}

async function measure(count: number): Promise<readonly Row[]> {
  const broker = createBenchBroker({
    tokens: createForgetfulTokenStore(),
    requestToken: createEntraRequest(),
  });
  const warmUp = { tenantId: randomUUID(), resource: 'defender-xdr' } as const;
  await broker.getToken(warmUp, 0);
  const idle = await weigh();
  const keys = Array.from(
    { length: count },
    (): TokenKey => ({ ...warmUp, tenantId: randomUUID() }),
  );
  await settleAll(keys, 10, (key) => broker.getToken(key, 0));
  const busy = process.memoryUsage().rss / 2 ** 20;
  const full = await weigh();
  const tokens = await Promise.all(keys.map((key) => broker.getToken(key, 0)));
  const text = tokens.reduce((sum, { accessToken }) => sum + accessToken.length, 0) / 2 ** 20;
  const directory = await weighDirectory(keys);
  return toRows({ idle, full, text, directory, busy });
}

/** The tenants' records come on top where every token is of another tenant. */
async function weighDirectory(keys: readonly TokenKey[]): Promise<number> {
  const store = createMemoryTenantStore([]);
  const find = (tenantId: string) =>
    Promise.resolve({ value: createActiveTenant(tenantId), etag: '1' });
  const directory = createTenantDirectory({ tenants: { ...store, find }, now: Date.now });
  const before = await weigh();
  for (const { tenantId } of keys) await directory.get(tenantId);
  const after = await weigh();
  directory.forget();
  return after.heap - before.heap;
}

function toRows({
  idle,
  full,
  text,
  directory,
  busy,
}: {
  idle: { resident: number; heap: number };
  full: { resident: number; heap: number };
  text: number;
  directory: number;
  busy: number;
}): readonly Row[] {
  const toRow = (what: string, name: 'resident' | 'heap'): Row => ({
    what,
    measured: { value: full[name] - idle[name], unit: 'MB' },
    against: { name: 'idle process', value: idle[name], unit: 'MB' },
    bar: { of: 'measured', is: 'at most', limit: 80 },
  });
  return [
    toRow('resident memory, over the idle process', 'resident'),
    toRow('heap and buffers, over the idle process', 'heap'),
    {
      what: 'resident memory right after filling, with what V8 keeps for garbage',
      measured: { value: busy - idle.resident, unit: 'MB' },
      against: { name: 'idle process', value: idle.resident, unit: 'MB' },
    },
    {
      what: 'heap and buffers, against the bare text of the tokens',
      measured: { value: full.heap - idle.heap, unit: 'MB' },
      against: { name: 'text', value: text, unit: 'MB' },
      ratio: (full.heap - idle.heap) / text,
    },
    {
      what: 'on top, when every token is of another tenant: their records',
      measured: { value: directory, unit: 'MB' },
      against: { name: 'the tokens', value: full.heap - idle.heap, unit: 'MB' },
      ratio: directory / (full.heap - idle.heap),
    },
  ];
}

await reportSection(async ({ quick }): Promise<SectionResult> => {
  const count = quick ? TOKENS / 10 : TOKENS;
  return {
    rows: await measure(count),
    notes: [
      `${count.toLocaleString('en-US')} tokens of 1.5 to 2.5 KB, requested, parsed, compared, sealed and cached by the broker.`,
    ],
  };
});
