import type { ResourceName } from '../tokens/resource.ts';
import type { ApiAnswer } from './api-answer.ts';

/** What proxied calls may use of what Microsoft allows for a customer. */
export interface CallBudget {
  /** Takes one call; rejects with `temporarily_unavailable` when the customer has to be spared. */
  take(tenantId: string, resource: ResourceName): Promise<void>;
  /** Notes how the API answered. */
  note(tenantId: string, resource: ResourceName, answer: ApiAnswer): Promise<void>;
}
