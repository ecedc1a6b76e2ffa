import type { InTenant } from '../entra/directory/grants.ts';
import type { IncidentLife } from './incident-life.ts';
import type { Microsoft } from './microsoft.ts';
import type { Partner } from './partner.ts';

/** What scenarios act on. */
export interface SandboxEnvironment {
  readonly partner: Partner;
  readonly microsoft: Microsoft;
  readonly life: IncidentLife;
}

/** A switch: what it does, whether it needs a customer, and the doing. */
export interface Scenario {
  readonly description: string;
  /** Acts on one customer: the query names it with `tenant`. */
  readonly perTenant: boolean;
  readonly apply: (environment: SandboxEnvironment, where: InTenant) => void | Promise<void>;
}
