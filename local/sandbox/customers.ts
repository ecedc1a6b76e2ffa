import type { Directory, Tenant } from '../entra/directory/directory-model.ts';
import type { ResourceName } from '../entra/directory/resources.ts';
import { addTenant } from '../entra/directory.ts';

/** How a demo customer stands when the sandbox has started. */
export type CustomerState =
  | 'ready to consent'
  | 'slow roles'
  | 'active'
  | 'no Defender licence'
  | 'consent revoked'
  | 'throttled';

/** A demo customer. */
export interface Customer {
  readonly name: string;
  readonly state: CustomerState;
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

/** Adds the demo customers' tenants to the directory. */
export function addCustomers(directory: Directory): readonly Customer[] {
  return CUSTOMERS.map(([name, state]) => {
    const domain = `${name.toLowerCase()}.example`;
    const provisioned: readonly ResourceName[] =
      state === 'no Defender licence' ? ['graph'] : ['defender-xdr', 'defender-endpoint', 'graph'];
    const tenant = addTenant(directory, { displayName: name, domains: [domain], provisioned });
    return { name, state, tenant, admin: `admin@${domain}`, user: `user@${domain}` };
  });
}

/** The customers that were onboarded before, through the broker itself. */
export function wasOnboarded({ state }: Customer): boolean {
  return state === 'active' || state === 'consent revoked' || state === 'throttled';
}
