import { setTimeout } from 'node:timers/promises';
import * as v from 'valibot';
import { type AdminBrowser, createAdminBrowser } from '../entra/admin-browser.ts';
import { type Answer, expectAnswer, sandboxSchema } from './answers.ts';
import { DemoError, expectSame } from './demo-error.ts';
import type { DemoEnvironment } from './environment.ts';
import { createLoopbackFetch, type LoopbackFetch, send } from './http.ts';

/** A customer of the story. */
export interface Customer {
  readonly name: string;
  readonly domain: string;
  readonly tenantId: string;
  readonly admin: string;
}

/**
 * What every chapter works with: the broker as an operator's tool sees it, customers' browsers, and
 * Microsoft.
 */
export interface DemoContext {
  readonly environment: DemoEnvironment;
  readonly customers: Readonly<Record<CustomerName, Customer>>;
  readonly fetch: LoopbackFetch;
  /** `call('POST /tenants/x/token')` below the broker's `/api`. */
  readonly call: (target: string, body?: unknown) => Promise<Answer>;
  readonly createBrowser: () => AdminBrowser;
  readonly pause: (ms: number) => Promise<void>;
}

/** The customers who play a part. */
type CustomerName = 'contoso' | 'fabrikam' | 'adatum';

/** Finds the customers and gets the operator's own token, as every tool has to. */
export async function createDemoContext(
  environment: DemoEnvironment,
  signal: AbortSignal,
): Promise<DemoContext> {
  const fetch = createLoopbackFetch(signal);
  const sandbox = `${environment.microsoftUrl}/sandbox`;
  const listed = await send(fetch, `GET ${sandbox}/`);
  const { customers } = expectAnswer(listed, 200, sandboxSchema);
  const issued = await send(fetch, `GET ${sandbox}/token/operator`);
  const token = expectAnswer(issued, 200, v.string());
  const find = (name: string): Customer => {
    const domain = `${name.toLowerCase()}.example`;
    const found = customers.find(({ tenant }) => tenant === domain);
    if (!found) throw new DemoError(`The sandbox has no customer ${domain}.`);
    return { name, domain, tenantId: found.tenant_id, admin: found.admin };
  };
  return {
    environment,
    customers: { contoso: find('Contoso'), fabrikam: find('Fabrikam'), adatum: find('Adatum') },
    fetch,
    call: (target, body) => {
      const url = target.replace(' ', ` ${environment.brokerUrl}/api`);
      return send(fetch, url, { token, body });
    },
    createBrowser: () => createAdminBrowser({ fetch }),
    pause: (ms) => setTimeout(ms, undefined, { signal }),
  };
}

/** Runs a timer of the broker now, as its schedule would. */
export async function runTimer({ fetch, environment }: DemoContext, name: string): Promise<void> {
  const { status } = await send(fetch, `POST ${environment.microsoftUrl}/sandbox/timers/${name}`);
  expectSame(`the answer to running the timer ${name}`, status, 200);
}
