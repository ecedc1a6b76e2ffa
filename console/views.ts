import type { ComponentType } from 'preact';
import { Access } from './views/access.tsx';
import { Audit } from './views/audit.tsx';
import { Caller } from './views/caller.tsx';
import { Customer } from './views/customer.tsx';
import { Customers } from './views/customers.tsx';
import { Hunt } from './views/hunt.tsx';
import { Hunts } from './views/hunts.tsx';
import { Incident } from './views/incident.tsx';
import { Incidents } from './views/incidents.tsx';
import { Needs } from './views/needs.tsx';
import { Onboarding } from './views/onboarding.tsx';
import { System } from './views/system.tsx';

/** A view in the navigation, with the part of the address that names it. */
interface View {
  readonly path: string;
  readonly name: string;
  readonly component: ComponentType;
  /** Shows one thing of this kind: `#/customers/{id}`. */
  readonly detail?: ComponentType;
}

/** Every view; the first is where one begins. */
export const VIEWS: readonly [View, ...View[]] = [
  { path: '', name: 'Needs you now', component: Needs },
  { path: 'customers', name: 'Customers', component: Customers, detail: Customer },
  { path: 'incidents', name: 'Incidents', component: Incidents, detail: Incident },
  { path: 'onboarding', name: 'Onboarding', component: Onboarding },
  { path: 'hunts', name: 'Hunts', component: Hunts, detail: Hunt },
  { path: 'access', name: 'Access', component: Access, detail: Caller },
  { path: 'audit', name: 'Audit', component: Audit },
  { path: 'system', name: 'System', component: System },
];

/** The view of an address; an address that nobody knows leads to the start. */
export function findView([first = '', id]: readonly string[]): {
  readonly component: ComponentType;
} {
  const view = VIEWS.find(({ path }) => path === first) ?? VIEWS[0];
  return { component: (id !== undefined && view.detail) || view.component };
}
