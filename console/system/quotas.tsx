import type { Overview } from '../../docs/client/broker-api.ts';
import { CALLER_LIMITS } from '../../shared/budgets/caller-limits.ts';
import { Badge, Lasting } from '../parts/marks.tsx';
import { Table } from '../parts/table.tsx';
import { toHref } from '../router.ts';
import { toCount } from '../words.ts';

const WORK: Readonly<Record<string, string>> = {
  list: 'Pages of lists',
  long_poll: 'Waits for changes',
  test: 'Tests of webhooks',
  domain: 'Domains that nobody has',
  verify: 'Proofs of customers',
  hunt: 'Hunts',
  alerts: 'Incidents with their alerts',
};

/** Whom Microsoft throttles now, and how much the broker does for one caller. */
export function Quotas({ needs }: { needs: Overview['needs'] }) {
  const throttled = needs.filter(({ cause }) => cause === 'throttled');
  const count = throttled.reduce((sum, need) => sum + need.count, 0);
  const [longest] = throttled.flatMap(({ tenants }) => tenants);
  return (
    <section class="card">
      <header>
        <h2>Quotas</h2>
        <Badge tone={count === 0 ? 'good' : 'warn'}>
          {count === 0 ? 'None used up' : `${toCount(count, 'customer')} throttled`}
        </Badge>
      </header>
      {longest && (
        <p>
          Microsoft throttles{' '}
          <a href={toHref(['customers', longest.tenant_id])}>
            {longest.display_name ?? longest.tenant_id}
          </a>{' '}
          for <Lasting since={longest.since} />
          {count > 1 && `, and ${toCount(count - 1, 'customer')} more since then`}; others are
          served.
        </p>
      )}
      <p class="quiet small">What one caller may ask of one instance of the broker:</p>
      <Table
        isCompact
        caption="Limits of a caller"
        rows={Object.entries(CALLER_LIMITS)}
        keyOf={([work]) => work}
        empty=""
        columns={[
          { name: 'Work', cell: ([work]) => WORK[work] ?? work },
          { name: 'At once', isNumber: true, cell: ([, { burst }]) => burst.toLocaleString() },
          {
            name: 'A minute',
            isNumber: true,
            cell: ([, { perMinute }]) => perMinute.toLocaleString(),
          },
        ]}
      />
    </section>
  );
}
