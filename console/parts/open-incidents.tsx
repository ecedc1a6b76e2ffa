import type { TenantPage } from '../../docs/client/broker-api.ts';
import { toHref } from '../router.ts';

const SEVERITIES = ['high', 'medium', 'low', 'informational', 'unknown'];

/** Open incidents by severity, the worst first; it leads to the list. */
export function OpenIncidents({
  tenantId,
  open,
  isKnown,
}: {
  tenantId: string;
  /** Whether its incidents were ever read: an empty list says nothing otherwise. */
  isKnown: boolean;
  open: TenantPage['value'][number]['open_incidents'];
}) {
  if (!open) return <span class="quiet">–</span>;
  const known = Object.keys(open.by_severity).toSorted((a, b) => rankOf(a) - rankOf(b));
  if (known.length === 0) return <span class="quiet">{isKnown ? 'none' : 'not known'}</span>;
  return (
    <a class="open-incidents" href={toHref(['incidents'], { tenant: tenantId })}>
      {known.map((severity) => (
        <span key={severity} class={`severity ${severity}`}>
          {open.by_severity[severity]} {severity}
        </span>
      ))}
      {open.at_least && <span class="severity">and more</span>}
    </a>
  );
}

function rankOf(severity: string): number {
  const rank = SEVERITIES.indexOf(severity);
  return rank === -1 ? SEVERITIES.length : rank;
}
