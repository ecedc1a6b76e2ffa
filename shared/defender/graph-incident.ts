import * as v from 'valibot';
import type { Incident } from '../incidents/incident.ts';
import {
  COMMON_FIELDS,
  idSchema,
  instantSchema,
  optionalInstantSchema,
  tagsSchema,
  textSchema,
} from './incident-fields.ts';

const graphIncidentSchema = v.object({
  ...COMMON_FIELDS,
  id: idSchema,
  lastUpdateDateTime: instantSchema,
  displayName: textSchema,
  createdDateTime: optionalInstantSchema,
  customTags: tagsSchema,
});

/**
 * Reads an incident of Microsoft Graph; `undefined` without a usable id or time of the last update.
 */
export function findGraphIncident(row: unknown, tenantId: string): Incident | undefined {
  const parsed = v.safeParse(graphIncidentSchema, row);
  if (!parsed.success) return undefined;
  const { id, displayName, createdDateTime, lastUpdateDateTime, customTags, alerts, ...same } =
    parsed.output;
  return {
    ...same,
    tenantId,
    incidentId: id,
    source: 'graph',
    name: displayName,
    createdAt: createdDateTime,
    lastUpdateAt: lastUpdateDateTime,
    tags: customTags,
    alertCount: alerts,
  };
}

const tenantSchema = v.object({ tenantId: v.string() });

/**
 * Whether a row says that it is another tenant's; one that says nothing came with the tenant's own
 * token.
 */
export function isOfOtherTenant(row: unknown, tenantId: string): boolean {
  const parsed = v.safeParse(tenantSchema, row);
  return parsed.success && parsed.output.tenantId.toLowerCase() !== tenantId.toLowerCase();
}
