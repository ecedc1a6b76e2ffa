import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { settleAll } from '../../shared/concurrency.ts';
import { createRequestToken } from '../../shared/entra/token-endpoint.ts';
import { createTenantDirectory } from '../../shared/tenants/tenant-directory.ts';
import { type TokenKey, toKeyText } from '../../shared/tokens/token-record.ts';
import { CLIENT_ID, makeAccessToken, RESOURCES } from './access-token.ts';
import { createBenchBroker } from './broker.ts';
import { createFixedCredential } from './credential.ts';
import {
  createActiveTenant,
  createForgetfulTokenStore,
  createMemoryTenantStore,
} from './memory-store.ts';

/** What a process holds, in MB. */
export interface Weight {
  readonly resident: number;
  /** Heap and buffers. */
  readonly heap: number;
}

/** What tokens weigh in one process. */
export interface TokenWeights {
  readonly idle: Weight;
  readonly full: Weight;
  /** Resident right after filling, in MB. */
  readonly busy: number;
  /** The bare text of the tokens, in MB. */
  readonly text: number;
  /** The records of as many tenants, in MB. */
  readonly directory: number;
}

/** Gets the token of a key and keeps it; answers its text. */
type GetToken = (key: TokenKey) => Promise<string>;

/**
 * Entra's answer without a network: the request, the parsing and the comparison are the broker's
 * own.
 */
function answerToken(input: string | URL | Request): Promise<Response> {
  const [, tenantId = ''] = new URL(String(input)).pathname.split('/');
  const access_token = makeAccessToken({ tenantId, resource: 'defender-xdr' });
  return Promise.resolve(Response.json({ token_type: 'Bearer', expires_in: 3599, access_token }));
}

const AUTHORITY = 'https://login.microsoftonline.com';

function createBrokersGet(): GetToken {
  const requestToken = createRequestToken({
    fetch: answerToken,
    authority: AUTHORITY,
    clientId: CLIENT_ID,
    resources: RESOURCES,
    credential: createFixedCredential('a secret'),
  });
  const broker = createBenchBroker({ tokens: createForgetfulTokenStore(), requestToken });
  return async (key) => (await broker.getToken(key, 0)).accessToken;
}

/** The floor: the same answers, of which a bare Map keeps the token's text and nothing else. */
function createMapsGet(): GetToken {
  const map = new Map<string, string>();
  return async (key) => {
    const known = map.get(toKeyText(key));
    if (known !== undefined) return known;
    const answer = await answerToken(`${AUTHORITY}/${key.tenantId}/`);
    const { access_token } = (await answer.json()) as { access_token: string };
    map.set(toKeyText(key), access_token);
    return access_token;
  };
}

/** What the process holds when V8 has given back what it keeps ready for garbage. */
async function weigh(): Promise<Weight> {
  if (!globalThis.gc) throw new Error('Run this with --expose-gc.');
  for (let turn = 0; turn < 5; turn++) {
    await globalThis.gc({ type: 'major', execution: 'async', flavor: 'last-resort' });
    await sleep(50);
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { resident: rss / 2 ** 20, heap: (heapUsed + external) / 2 ** 20 };
}

async function measure(get: GetToken, count: number): Promise<TokenWeights> {
  const toKey = (): TokenKey => ({ tenantId: randomUUID(), resource: 'defender-xdr' });
  await get(toKey());
  const idle = await weigh();
  const keys = Array.from({ length: count }, toKey);
  await settleAll(keys, 10, get);
  const busy = process.memoryUsage().rss / 2 ** 20;
  const full = await weigh();
  const tokens = await Promise.all(keys.map(get));
  const text = tokens.reduce((sum, token) => sum + token.length, 0) / 2 ** 20;
  return { idle, full, busy, text, directory: await weighDirectory(keys) };
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

const [holder, count] = process.argv.slice(2);
const get = holder === 'broker' ? createBrokersGet() : createMapsGet();
process.send?.(await measure(get, Number(count)));
process.disconnect();
