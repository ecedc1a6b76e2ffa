import type { HuntStatus } from '../../docs/client/broker-api.ts';
import { Badge, Until } from '../parts/marks.tsx';
import type { Column } from '../parts/table.tsx';
import { toHref } from '../router.ts';
import { toDuration, toLabel } from '../words.ts';
import { VERDICT_TONES } from './verdicts.tsx';

type Customer = HuntStatus['value'][number];

/** How far a hunt is at each customer. */
export const CUSTOMER_COLUMNS: readonly Column<Customer>[] = [
  {
    name: 'Customer',
    cell: ({ tenant_id, tenant_name, named }) => {
      const name = tenant_name ?? named ?? tenant_id;
      return tenant_id ? <a href={toHref(['customers', tenant_id])}>{name}</a> : name;
    },
  },
  {
    name: 'Verdict',
    cell: ({ verdict, status }) =>
      verdict ? (
        <Badge tone={VERDICT_TONES[verdict]}>{toLabel(verdict)}</Badge>
      ) : (
        <Badge tone="calm">{toLabel(status)}</Badge>
      ),
  },
  { name: 'What to do', cell: (customer) => <Why of={customer} /> },
  { name: 'Rows', isNumber: true, cell: ({ rows }) => rows.toLocaleString() },
  {
    name: 'Took',
    isNumber: true,
    cell: ({ duration_ms }) => (duration_ms === undefined ? '–' : toDuration(duration_ms / 1000)),
  },
];

function Why({ of }: { of: Customer }) {
  const { owner, description, remedy, retry_at } = of;
  if (retry_at) {
    return (
      <span class="quiet">
        asked again <Until at={retry_at} />
      </span>
    );
  }
  if (!description) return <span class="quiet">–</span>;
  return (
    <>
      <div>
        {owner && <Badge tone="calm">{toLabel(owner)}</Badge>} {description}
      </div>
      <div class="quiet small">{remedy}</div>
    </>
  );
}
