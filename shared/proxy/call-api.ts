import type { AdmitCaller } from '../admit-caller.ts';
import type { RecordEvent } from '../audit/record-event.ts';
import type { Caller } from '../callers/caller.ts';
import type { ProxyMethod } from '../callers/operation.ts';
import type { Log } from '../log.ts';
import type { ResourceName } from '../resources/resources.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { withConsentUrl } from '../tenants/assert-served.ts';
import type { GetConsentUrl } from '../tenants/consent-url.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { BrokeredToken } from '../tokens/brokered-token.ts';
import type { TokenBroker } from '../tokens/token-broker.ts';
import type { ApiAnswer, Forward, ForwardedCall } from './api-answer.ts';
import type { ByteBudget, Reservation } from './byte-budget.ts';
import type { CallBudget } from './call-budget.ts';
import type { ProxyPath } from './proxy-path.ts';

/** A caller's call of a customer's API. */
export interface ProxiedCall {
  readonly caller: Caller;
  /** GUID or verified domain. */
  readonly tenant: string;
  readonly resource: ResourceName;
  readonly method: ProxyMethod;
  readonly path: ProxyPath;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ArrayBuffer | undefined;
  readonly correlationId: string;
}

/** An answer with the memory that it takes; the code that passes it on releases that. */
export interface ProxiedAnswer {
  readonly tenantId: string;
  readonly answer: ApiAnswer;
  readonly reservation: Reservation;
}

/** Calls a customer's API for a caller that never sees a token; rejects with a BrokerError. */
export type CallApi = (call: ProxiedCall) => Promise<ProxiedAnswer>;

/** What proxied calls are made of. */
export interface CallApiParts {
  readonly admit: AdmitCaller;
  readonly broker: Pick<TokenBroker, 'getToken' | 'replace'>;
  readonly forward: Forward;
  readonly recordEvent: RecordEvent;
  readonly calls: CallBudget;
  readonly bytes: ByteBudget;
  readonly getConsentUrl: GetConsentUrl;
  readonly metrics: Metrics;
  readonly log: Log;
}

/**
 * Creates the call: who may, within which budget, recorded when it can change something, then sent.
 */
export function createCallApi(parts: CallApiParts): CallApi {
  const { admit, calls, bytes, metrics, log } = parts;
  return async (call) => {
    const { resource, method, path, body } = call;
    log.note({ resource });
    const operation = { method, segments: path.segments };
    const admission = { ...call, role: 'Apis.Call', operation } as const;
    const { tenant } = await admit(admission);
    const { tenantId } = tenant;
    const budgeted = { tenantId, resource, segments: path.segments };
    await calls.take(budgeted);
    const reservation = await bytes.reserve(body?.byteLength ?? 0);
    try {
      const token = await getToken(parts, tenant, resource);
      // Memory or Entra may have taken their time: a caller that lost the right meanwhile calls
      // nothing.
      const assertStillAdmitted = async () => void (await admit(admission));
      await assertStillAdmitted();
      if (method !== 'GET') await record(parts, call, tenantId);
      const answer = await send(parts, { call, token, reservation, assertStillAdmitted });
      await calls.note(budgeted, answer);
      metrics.count('apis.called', { resource, outcome: toOutcome(answer) });
      log.note({ upstream_status: answer.status });
      return { tenantId, answer, reservation };
    } catch (error) {
      reservation.release();
      metrics.count('apis.called', { resource, outcome: 'failed' });
      throw error;
    }
  };
}

/**
 * A refused token is replaced once: the API may know of a revocation that has not been heard of
 * here.
 */
async function send(
  { forward, broker }: CallApiParts,
  {
    call,
    token,
    reservation,
    assertStillAdmitted,
  }: {
    call: ProxiedCall;
    token: BrokeredToken;
    reservation: Reservation;
    assertStillAdmitted: () => Promise<void>;
  },
): Promise<ApiAnswer> {
  const { resource, method, path, headers, body } = call;
  const target = `${path.path}${path.query}`;
  const forwarded = { resource, method, target, headers, body };
  const ask = ({ accessToken }: BrokeredToken): Promise<ApiAnswer> =>
    forward({ ...forwarded, accessToken } satisfies ForwardedCall, reservation.grow);
  const answer = await ask(token);
  if (answer.status !== 401) return answer;
  const fresh = await broker.replace(token);
  if (fresh.accessToken === token.accessToken) return answer;
  await assertStillAdmitted();
  return await ask(fresh);
}

async function getToken(
  { broker, getConsentUrl }: CallApiParts,
  tenant: Tenant,
  resource: ResourceName,
): Promise<BrokeredToken> {
  try {
    return await broker.getToken({ tenantId: tenant.tenantId, resource }, 0);
  } catch (error) {
    throw await withConsentUrl(error, tenant, getConsentUrl);
  }
}

/** The longest path that the ledger keeps. */
const MAX_SUBJECT_LENGTH = 400;

/**
 * Before it is sent: what can't be recorded is not done. The query stays out, and so does the
 * tenant's id.
 */
async function record(
  { recordEvent }: CallApiParts,
  { caller, resource, method, path, correlationId }: ProxiedCall,
  tenantId: string,
): Promise<void> {
  const text = `${method} ${path.path}`.replaceAll(new RegExp(tenantId, 'gi'), '{tenant}');
  const subject = text.slice(0, MAX_SUBJECT_LENGTH);
  const about = { actor: caller.id, tenantId, subject, detail: resource, correlationId };
  await recordEvent({ ...about, act: 'api.call' });
}

function toOutcome({ status }: ApiAnswer): string {
  if (status === 429 || status === 503) return 'throttled';
  return status < 400 ? 'answered' : 'refused';
}
