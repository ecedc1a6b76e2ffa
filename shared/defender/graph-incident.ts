import * as v from 'valibot';
import type { Incident } from '../incidents/incident.ts';
import {
  idSchema,
  instantSchema,
  looseInstantSchema,
  optionalTextSchema,
  tagsSchema,
  textSchema,
  wordSchema,
} from './incident-fields.ts';

const commentSchema = v.object({
  comment: textSchema,
  createdByDisplayName: optionalTextSchema,
  createdDateTime: looseInstantSchema,
});

const graphIncidentSchema = v.object({
  id: idSchema,
  redirectIncidentId: v.nullish(idSchema),
  displayName: textSchema,
  severity: wordSchema,
  status: wordSchema,
  classification: wordSchema,
  determination: wordSchema,
  assignedTo: optionalTextSchema,
  createdDateTime: instantSchema,
  lastUpdateDateTime: instantSchema,
  customTags: tagsSchema,
  comments: v.nullish(v.array(commentSchema), []),
  alerts: v.nullish(v.array(v.unknown())),
});

/** Reads an incident of Microsoft Graph; `undefined` when a field that is needed can't be read. */
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
    redirectIncidentId: same.redirectIncidentId ?? undefined,
    createdAt: createdDateTime,
    lastUpdateAt: lastUpdateDateTime,
    tags: customTags,
    comments: same.comments.map((one) => ({
      comment: one.comment,
      createdBy: one.createdByDisplayName,
      createdAt: one.createdDateTime,
    })),
    alertCount: alerts?.length,
  };
}

const tenantSchema = v.object({ tenantId: v.string() });

/** Whether a row says that it is another tenant's; one that says nothing came with the tenant's own token. */
export function isOfOtherTenant(row: unknown, tenantId: string): boolean {
  const parsed = v.safeParse(tenantSchema, row);
  return parsed.success && parsed.output.tenantId.toLowerCase() !== tenantId.toLowerCase();
}
