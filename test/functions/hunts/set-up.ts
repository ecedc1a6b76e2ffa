import { expect } from 'vitest';
import { startEnvironment } from '../set-up.ts';

/** What a hunt says of one of its customers. */
export interface HuntedTenantJson {
  readonly tenant_id?: string;
  readonly named?: string;
  readonly verdict?: string;
  readonly problem?: string;
  readonly calls: number;
}

/** A broker with some customers, and what tests do with hunts. */
export async function startHunting(...names: readonly string[]) {
  const broker = await startEnvironment();
  const { sandbox, operator } = broker;
  const tenantIds: string[] = [];
  for (const name of names) tenantIds.push((await broker.onboard(name)).tenant.tenantId);
  const token = await (await fetch(`${sandbox.microsoft.url}/sandbox/token/operator`)).text();

  /** Makes a hunt; answers its id. */
  const start = async (body: Record<string, unknown>): Promise<string> => {
    const made = await operator.call('POST', '/hunts', body);
    expect([made.status, made.body?.error_description]).toEqual([202, undefined]);
    return made.body.hunt_id;
  };
  const get = async (id: string) => (await operator.call('GET', `/hunts/${id}`)).body;

  return {
    ...broker,
    hunting: sandbox.microsoft.hunting,
    tenantIds,
    start,
    get,
    /** A hunt that has run as far as it can now. */
    hunt: async (body: Record<string, unknown>) => {
      const id = await start(body);
      await sandbox.host.drainQueues();
      return await get(id);
    },
    /** Follows the Link header as curl does; answers the pages. */
    readPages: async (id: string, format: string) => {
      const pages: { readonly text: string; readonly headers: Headers }[] = [];
      let url: string | undefined = `${sandbox.url}/api/hunts/${id}/results?format=${format}`;
      while (url !== undefined && pages.length < 100) {
        const response: Response = await fetch(url, {
          headers: { authorization: `Bearer ${token}` },
        });
        pages.push({ text: await response.text(), headers: response.headers });
        url = /<([^>]*)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
      }
      return pages;
    },
  };
}

/** What a hunt says of a customer. */
export function findTenant(
  state: { readonly value: readonly HuntedTenantJson[] },
  tenantId: string | undefined,
): HuntedTenantJson | undefined {
  return state.value.find((one) => one.tenant_id === tenantId);
}
