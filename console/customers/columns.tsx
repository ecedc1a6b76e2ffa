import type { TenantPage } from '../../docs/client/broker-api.ts';
import { AgeBar, Status } from '../parts/marks.tsx';
import { OpenIncidents } from '../parts/open-incidents.tsx';
import type { Column } from '../parts/table.tsx';
import { Tags } from '../parts/tags.tsx';
import { TenantLink } from '../parts/tenant-link.tsx';
import { toDuration, toLabel } from '../words.ts';
import { toCapabilityColumns } from './capabilities.tsx';

type Customer = TenantPage['value'][number];

/** The columns of the list of customers. */
export function toCustomerColumns(customers: readonly Customer[]): readonly Column<Customer>[] {
  return [
    {
      name: 'Customer',
      cell: ({ tenant_id, display_name, domain }) => (
        <TenantLink id={tenant_id} name={display_name} detail={domain} />
      ),
    },
    { name: 'Status', cell: ({ status }) => <Status of={status} /> },
    {
      name: 'Open incidents',
      cell: ({ tenant_id, open_incidents, data }) => (
        <OpenIncidents
          tenantId={tenant_id}
          open={open_incidents}
          isKnown={data.data_age_seconds !== undefined}
        />
      ),
    },
    { name: 'Data age', cell: ({ data }) => <DataAge data={data} /> },
    ...toCapabilityColumns(customers),
    { name: 'Tags', cell: ({ tags }) => <Tags of={tags} /> },
  ];
}

function DataAge({ data }: { data: Customer['data'] }) {
  const { data_age_seconds: seconds, late, problem } = data;
  return (
    <>
      {seconds === undefined ? (
        <span class="quiet">never read</span>
      ) : (
        <span class="data-age">
          <AgeBar seconds={seconds} isLate={late} /> {toDuration(seconds)}
        </span>
      )}
      {problem && <div class="small bad-text">{toLabel(problem)}</div>}
    </>
  );
}
