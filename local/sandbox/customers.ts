import type { Directory, Tenant } from '../entra/directory/directory-model.ts';
import { microsoftApiNames, type ResourceName } from '../entra/directory/resources.ts';
import { addTenant } from '../entra/directory.ts';
import type { CustomerState } from './customer-state.ts';
import { toFleetName, toFleetState, toFleetTags } from './fleet.ts';

/** A demo customer. */
export interface Customer {
  readonly name: string;
  readonly state: CustomerState;
  /** What operators group the fleet by; the customers of the documents have none. */
  readonly tags?: readonly string[];
  readonly tenant: Tenant;
  readonly admin: string;
  readonly user: string;
}

const CUSTOMERS: readonly (readonly [string, CustomerState])[] = [
  ['Contoso', 'ready to consent'],
  ['Fabrikam', 'active'],
  ['Adatum', 'slow roles'],
  ['Tailspin', 'no Defender licence'],
  ['Wingtip', 'consent revoked'],
  ['Litware', 'throttled'],
];

/** As many as the documents speak of. */
export const DEFAULT_CUSTOMERS = CUSTOMERS.length;

/**
 * Adds the demo customers' tenants to the directory: the six of the documents, then a fleet in
 * mixed states.
 */
export function addCustomers(directory: Directory, count = DEFAULT_CUSTOMERS): readonly Customer[] {
  return Array.from({ length: count }, (_, index) => {
    const number = index - CUSTOMERS.length;
    const [name, state] = CUSTOMERS[index] ?? [toFleetName(number), toFleetState(number)];
    const tags = index < CUSTOMERS.length ? [] : toFleetTags(number);
    return addCustomer(directory, { name, state, tags });
  });
}

function addCustomer(
  directory: Directory,
  { name, state, tags = [] }: Pick<Customer, 'name' | 'state' | 'tags'>,
): Customer {
  const domain = `${name.toLowerCase().replaceAll(' ', '-')}.example`;
  const provisioned: readonly ResourceName[] =
    state === 'no Defender licence' ? ['graph'] : microsoftApiNames;
  const tenant = addTenant(directory, { displayName: name, domains: [domain], provisioned });
  return { name, state, tags, tenant, admin: `admin@${domain}`, user: `user@${domain}` };
}

const ONBOARDED = new Set<CustomerState>([
  'active',
  'role missing',
  'consent revoked',
  'throttled',
  'disabled',
]);

/** The customers that were onboarded before, through the broker itself. */
export function wasOnboarded({ state }: Customer): boolean {
  return ONBOARDED.has(state);
}
