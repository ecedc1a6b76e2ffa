import type { TenantPage } from '../../docs/client/broker-api.ts';
import { RESOURCES, type ResourceRecord } from '../../shared/resources/resources.ts';
import { Badge, type Tone } from '../parts/marks.tsx';
import type { Column } from '../parts/table.tsx';
import { toLabel } from '../words.ts';

type Customer = TenantPage['value'][number];
type Proof = Customer['resources'][string];

const RECORDS: Readonly<Record<string, ResourceRecord>> = RESOURCES;

/** An API as people call it. */
export function toApiName(resource: string): string {
  return RECORDS[resource]?.label ?? resource;
}

/** A column for each API that one of the customers was asked for: the matrix of what works. */
export function toCapabilityColumns(customers: readonly Customer[]): readonly Column<Customer>[] {
  const resources = new Set(customers.flatMap((customer) => Object.keys(customer.resources)));
  return [...resources].toSorted().map((resource) => ({
    name: toApiName(resource),
    cell: (customer) => <Capability proof={customer.resources[resource]} />,
  }));
}

/** What works at one API: fine, an app role is missing, or a licence is. */
export function Capability({ proof }: { proof: Proof | undefined }) {
  if (!proof) return <span class="quiet">–</span>;
  const { tone, words, title } = toMark(proof);
  return (
    <span title={title}>
      <Badge tone={tone}>{words}</Badge>
    </span>
  );
}

function toMark({ cause, roles_missing: missing, roles_granted: granted }: Proof): {
  readonly tone: Tone;
  readonly words: string;
  readonly title: string;
} {
  if (cause) return { tone: 'bad', words: toLabel(cause), title: toLabel(cause) };
  if (missing.length === 0) return { tone: 'good', words: 'Fine', title: granted.join(', ') };
  const title = `Missing: ${missing.join(', ')}`;
  return { tone: 'warn', words: missing.length === 1 ? 'Role missing' : 'Roles missing', title };
}
