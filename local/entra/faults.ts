import { setTimeout } from 'node:timers/promises';

/** What can go wrong on purpose. */
export type FaultEffect =
  /** Granted app roles appear `ms` after the grant, or from the `tokens`-th token on. */
  | { readonly kind: 'role-lag'; readonly ms?: number; readonly tokens?: number }
  | { readonly kind: 'throttle'; readonly retryAfterSeconds?: number }
  | { readonly kind: 'server-error'; readonly status?: 500 | 502 | 503 | 504 }
  | { readonly kind: 'slow'; readonly ms: number }
  /** Never answers, until the caller gives up or 30 seconds have passed. */
  | { readonly kind: 'timeout' }
  /** Entra's clock is this much ahead (negative: behind). */
  | { readonly kind: 'clock-skew'; readonly ms: number }
  | { readonly kind: 'drop-connection' }
  | { readonly kind: 'malformed-json' }
  /** Answers with this and nothing else: `body` as it is when it is a text, else as JSON. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Answers with the token of another tenant. */
  | { readonly kind: 'wrong-tenant'; readonly answerTenantId: string }
  | { readonly kind: 'token-without-oid' }
  | { readonly kind: 'token-without-roles' }
  /** Answers with an access token that is not a JWT. */
  | { readonly kind: 'opaque-token' }
  | { readonly kind: 'secret-expired' }
  /** Every secret is wrong, as after a rotation. */
  | { readonly kind: 'secret-rotated' }
  | { readonly kind: 'consent-revoked' }
  | { readonly kind: 'role-dropped'; readonly role: string }
  | { readonly kind: 'service-principal-disabled' }
  | { readonly kind: 'tenant-gone' }
  | { readonly kind: 'licence-missing' };

/** Where and how often it goes wrong; without a tenant in all of them, without `times` for ever. */
export type Fault = FaultEffect & {
  readonly tenantId?: string;
  /** Limits the fault to the next requests of this number. */
  readonly times?: number;
  /** `token` by default; `any` for a tenant that is gone or has no licence. */
  readonly endpoint?: Endpoint | 'any';
};

/** The groups of endpoints that faults tell apart. */
export type Endpoint = 'token' | 'metadata' | 'browser';

/** A fault that is switched on. */
export interface ActiveFault {
  readonly fault: Fault;
  timesLeft: number;
}

interface Faulty {
  readonly faults: Set<ActiveFault>;
}

/** Switches a fault on; the answer switches it off. */
export function injectFault({ faults }: Faulty, fault: Fault): () => void {
  const active = { fault, timesLeft: fault.times ?? Number.POSITIVE_INFINITY };
  faults.add(active);
  return () => {
    faults.delete(active);
  };
}

/** Switches the faults of one tenant off, or all. */
export function clearFaults({ faults }: Faulty, tenantId?: string): void {
  for (const active of faults) {
    if (tenantId === undefined || active.fault.tenantId === tenantId) faults.delete(active);
  }
}

/** The faults that strike one request, counted. */
export function takeEffects(
  { faults }: Faulty,
  where: { readonly tenantId: string | undefined; readonly endpoint: Endpoint },
): readonly FaultEffect[] {
  const effects: FaultEffect[] = [];
  for (const active of faults) {
    const { kind, tenantId } = active.fault;
    const everywhere = kind === 'tenant-gone' || kind === 'licence-missing';
    const endpoint = active.fault.endpoint ?? (everywhere ? 'any' : 'token');
    if (tenantId !== undefined && tenantId !== where.tenantId) continue;
    if (endpoint !== 'any' && endpoint !== where.endpoint) continue;
    effects.push(active.fault);
    active.timesLeft -= 1;
    if (active.timesLeft <= 0) faults.delete(active);
  }
  return effects;
}

/** Finds a fault of one kind among those that strike a request. */
export function findEffect<Kind extends FaultEffect['kind']>(
  effects: readonly FaultEffect[],
  kind: Kind,
): Extract<FaultEffect, { kind: Kind }> | undefined {
  return effects.find((effect): effect is Extract<FaultEffect, { kind: Kind }> => {
    return effect.kind === kind;
  });
}

/**
 * What the network and the service in front of Entra do: an answer, a delay, a thrown error,
 * nothing.
 */
export async function disturb(
  effects: readonly FaultEffect[],
  signal: AbortSignal,
): Promise<Response | undefined> {
  if (effects.length === 0) return undefined;
  await wait(findEffect(effects, 'slow')?.ms ?? 0, signal);
  if (findEffect(effects, 'timeout') !== undefined) {
    await wait(30_000, signal);
    throw new Error('The stand-in for Entra ID did not answer');
  }
  if (findEffect(effects, 'drop-connection') !== undefined) {
    throw new Error('The stand-in for Entra ID dropped the connection');
  }
  const throttle = findEffect(effects, 'throttle');
  if (throttle !== undefined) {
    const headers = { 'retry-after': String(throttle.retryAfterSeconds ?? 60) };
    return new Response('Too Many Requests', { status: 429, headers });
  }
  const failure = findEffect(effects, 'server-error');
  if (failure) return new Response('Service unavailable', { status: failure.status ?? 503 });
  const odd = findEffect(effects, 'answer');
  return odd && toAnswer(odd);
}

function toAnswer({ status, body, headers }: Extract<FaultEffect, { kind: 'answer' }>): Response {
  const init = { status, ...(headers && { headers }) };
  return typeof body === 'string' ? new Response(body, init) : Response.json(body, init);
}

/** Cuts a JSON answer short when the `malformed-json` fault strikes. */
export async function garble(
  response: Response,
  effects: readonly FaultEffect[],
): Promise<Response> {
  if (findEffect(effects, 'malformed-json') === undefined) return response;
  const { status, headers } = response;
  return new Response((await response.text()).slice(0, -20), { status, headers });
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0) return;
  await setTimeout(ms, undefined, { signal });
}
