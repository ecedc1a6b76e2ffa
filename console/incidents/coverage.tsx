import type { IncidentPage } from '../../docs/client/broker-api.ts';
import { toHref } from '../router.ts';
import { toCount, toDuration } from '../words.ts';

/** Whether silence means something: customers whose data is old are named above the list. */
export function Coverage({ of }: { of: IncidentPage['fleet_coverage'] }) {
  if (!of) return null;
  if (of.tenants === 0) return <NoGrant />;
  const { late, late_count, skipped_count } = of;
  return (
    <>
      {late_count > 0 && (
        <details class="notice">
          <summary>
            {toCount(late_count, 'customer')} could not be looked at in time. Nothing here does not
            mean that nothing happened there.
          </summary>
          <ul class="plain-list">
            {late.map(({ tenant_id, tenant_name, data_age_seconds }) => (
              <li key={tenant_id}>
                <a href={toHref(['customers', tenant_id])}>{tenant_name ?? tenant_id}</a>{' '}
                {data_age_seconds === undefined
                  ? 'was never read'
                  : `is ${toDuration(data_age_seconds)} old`}
              </li>
            ))}
            {late_count > late.length && <li>and {late_count - late.length} more</li>}
          </ul>
        </details>
      )}
      {skipped_count > 0 && (
        <p class="notice">
          Incidents of {toCount(skipped_count, 'customer')} could not be read one by one. The page
          of the customer names them.
        </p>
      )}
    </>
  );
}

/** An empty list must not be taken for peace by who may see nobody's incidents. */
function NoGrant() {
  return (
    <p class="notice">
      You are granted no customer's incidents. Whoever holds the app role <code>Policy.Manage</code>{' '}
      can grant you <code>incidents</code> in the view Access.
    </p>
  );
}
