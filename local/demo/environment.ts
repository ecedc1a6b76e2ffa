import { injectFault } from '../entra/faults.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { expectSame } from './demo-error.ts';
import { createLoopbackFetch, type LoopbackFetch, send } from './http.ts';

/** Where the story is played: the addresses of a sandbox, and how to leave it. */
export interface DemoEnvironment {
  readonly brokerUrl: string;
  readonly microsoftUrl: string;
  readonly close: () => Promise<void>;
}

/** The customer whose tokens end so soon that a refresh can be watched. */
const SHORT_LIVED = 'fabrikam.example';
/** The customer whose roles appear late. */
const SLOW = 'adatum.example';

/** Longer than the broker's first look at a consent, shorter than its second. */
const ROLE_LAG = 3000;

/** As often as the broker may be told to look: nobody likes to wait. */
const SYNC_SECONDS = '2';

const DAY = 24 * 60 * 60_000;

/** Starts a sandbox of its own on free ports, in which nothing happens but the story. */
export async function openPrivateEnvironment(): Promise<DemoEnvironment> {
  const { url, microsoft, partner, customers, stop } = await startSandbox({
    lively: false,
    writeRoles: true,
    settings: { INCIDENT_SYNC_INTERVAL: SYNC_SECONDS },
  });
  const now = Date.now();
  for (const { tenant } of customers) {
    const { tenantId } = tenant;
    microsoft.incidents.createBurst(tenantId, { count: 12, from: now - DAY, to: now });
    if (tenant.defaultDomain !== SLOW) continue;
    injectFault(partner.directory, { kind: 'role-lag', ms: ROLE_LAG, tenantId });
  }
  const environment = { brokerUrl: url, microsoftUrl: microsoft.url, close: stop };
  await flip(createLoopbackFetch(NEVER), environment, `short-tokens?tenant=${SHORT_LIVED}`);
  return environment;
}

/** Takes the sandbox that runs on these ports, whatever was done in it before. */
export async function openRunningEnvironment(
  where: { readonly brokerUrl: string; readonly microsoftUrl: string },
  signal: AbortSignal,
): Promise<DemoEnvironment> {
  const fetch = createLoopbackFetch(signal);
  // Roles that were granted before are in tokens at once: only a new consent can lag.
  await flip(fetch, where, `revoke-consent?tenant=${SLOW}`);
  await flip(fetch, where, `lag-roles?tenant=${SLOW}`);
  await flip(fetch, where, `short-tokens?tenant=${SHORT_LIVED}`);
  const close = () => flip(createLoopbackFetch(NEVER), where, `usual-tokens?tenant=${SHORT_LIVED}`);
  return { ...where, close };
}

const NEVER = new AbortController().signal;

/** Throws a switch of the sandbox. */
export async function flip(
  fetch: LoopbackFetch,
  { microsoftUrl }: { readonly microsoftUrl: string },
  scenario: string,
): Promise<void> {
  const { status } = await send(fetch, `POST ${microsoftUrl}/sandbox/scenarios/${scenario}`);
  expectSame(`the answer to the switch ${scenario}`, status, 200);
}
