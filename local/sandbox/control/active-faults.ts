import type { Microsoft } from '../microsoft.ts';
import type { Partner } from '../partner.ts';

/** Something that goes wrong now, as the page says it. */
interface ActiveFault {
  readonly service: string;
  /** The customer's name; `undefined`: it strikes all. */
  readonly customer: string | undefined;
  readonly what: string;
}

/** Lists what goes wrong now at each of the stand-ins. */
export function listActiveFaults(
  { directory }: Partner,
  { defender, graph, keyVault }: Microsoft,
): readonly ActiveFault[] {
  const nameOf = (tenantId: string | undefined) =>
    tenantId === undefined ? undefined : directory.tenants.get(tenantId)?.displayName;
  const toFault = (service: string, fault: { readonly tenantId?: string }): ActiveFault => ({
    service,
    customer: nameOf(fault.tenantId),
    what: describeFault(fault),
  });
  return [
    ...[...directory.faults].map(({ fault }) => toFault('Entra', fault)),
    ...defender.faults.list().map((fault) => toFault('Defender', fault)),
    ...graph.faults.list().map((fault) => toFault('Graph', fault)),
    ...keyVault.faults.list().map((fault) => toFault('Key Vault', fault)),
  ];
}

/** "throttle, retryAfterSeconds 60": the kind, then its numbers and words. */
function describeFault({ tenantId: _tenantId, ...fault }: { readonly tenantId?: string }): string {
  const { kind, ...rest } = fault as Readonly<Record<string, unknown>>;
  const details = Object.entries(rest)
    .filter(([, value]) => typeof value === 'number' || typeof value === 'string')
    .map(([name, value]) => `${name} ${value}`);
  return [String(kind), ...details].join(', ');
}
