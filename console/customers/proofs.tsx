import type { Tenant } from '../../docs/client/broker-api.ts';
import { Age } from '../parts/marks.tsx';
import { Capability, toApiName } from './capabilities.tsx';

/** What fresh tokens proved about each API. */
export function Proofs({ tenant: { resources } }: { tenant: Tenant }) {
  const all = Object.entries(resources);
  if (all.length === 0) return <p class="quiet">Nothing was proven yet.</p>;
  return (
    <dl class="proofs">
      {all.map(([resource, proof]) => (
        <div key={resource}>
          <dt>
            {toApiName(resource)} <Capability proof={proof} />
          </dt>
          <dd class="small">
            {proof.roles_granted.join(', ') || 'Nothing is granted.'}
            {proof.roles_missing.length > 0 && (
              <div class="bad-text">Missing: {proof.roles_missing.join(', ')}</div>
            )}
            <div class="quiet">
              checked <Age of={proof.checked_at} />
            </div>
          </dd>
        </div>
      ))}
    </dl>
  );
}
