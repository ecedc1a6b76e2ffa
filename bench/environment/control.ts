import * as v from 'valibot';
import type { Directory } from '../../local/entra/directory/directory-model.ts';
import type { Entra } from '../../local/entra/entra.ts';
import { clearFaults, type Fault, injectFault } from '../../local/entra/faults.ts';
import type { Handle } from '../../local/serve.ts';

const faultSchema = v.variant('kind', [
  v.object({ kind: v.literal('slow'), ms: v.number(), tenantId: v.optional(v.string()) }),
  v.object({ kind: v.literal('server-error'), tenantId: v.optional(v.string()) }),
]);

const clockSchema = v.object({ aheadMs: v.number() });

/** How far Entra's time is ahead of this machine's. */
interface EnvironmentClock {
  aheadMs: number;
}

/**
 * The switches of an environment: `GET /sandbox/token-requests` counts them by tenant, `DELETE`
 * starts again, `PUT /sandbox/faults` replaces what goes wrong at the token endpoint (the first
 * that fits a tenant counts), and `PUT /sandbox/clock` moves Entra's time.
 */
export function createEnvironmentControl(
  directory: Directory,
  { clock, getEntra }: { clock: EnvironmentClock; getEntra: () => Entra },
): Handle {
  return async (request) => {
    const { pathname } = new URL(request.url);
    switch (`${request.method} ${pathname}`) {
      case 'GET /sandbox/token-requests':
        return Response.json(countTokenRequests(getEntra(), directory.homeTenantId));
      case 'DELETE /sandbox/token-requests':
        getEntra().resetRequests();
        return new Response(undefined, { status: 204 });
      case 'PUT /sandbox/faults':
        clearFaults(directory);
        for (const fault of v.parse(v.array(faultSchema), await request.json())) {
          injectFault(directory, toFault(fault));
        }
        return new Response(undefined, { status: 204 });
      case 'PUT /sandbox/clock':
        clock.aheadMs = v.parse(clockSchema, await request.json()).aheadMs;
        return new Response(undefined, { status: 204 });
      default:
        return new Response('Not found', { status: 404 });
    }
  };
}

/** Requests for customers' tokens; those of the home tenant are callers' own. */
function countTokenRequests(
  { requests }: Entra,
  homeTenantId: string,
): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { grantType, tenant } of requests) {
    if (grantType !== 'client_credentials' || tenant === homeTenantId) continue;
    counts[tenant] = (counts[tenant] ?? 0) + 1;
  }
  return counts;
}

function toFault({ tenantId, ...effect }: v.InferOutput<typeof faultSchema>): Fault {
  return { ...effect, ...(tenantId !== undefined && { tenantId }) };
}
