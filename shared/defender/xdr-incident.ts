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
  createdBy: optionalTextSchema,
  createdTime: looseInstantSchema,
});

const xdrIncidentSchema = v.object({
  incidentId: idSchema,
  redirectIncidentId: v.nullish(idSchema),
  incidentName: textSchema,
  severity: wordSchema,
  status: wordSchema,
  classification: wordSchema,
  determination: wordSchema,
  assignedTo: optionalTextSchema,
  createdTime: instantSchema,
  lastUpdateTime: instantSchema,
  tags: tagsSchema,
  comments: v.nullish(v.array(commentSchema), []),
  alerts: v.nullish(v.array(v.unknown())),
});

/** Reads an incident of the Defender XDR API; `undefined` when a field that is needed can't be read. */
export function findXdrIncident(row: unknown, tenantId: string): Incident | undefined {
  const parsed = v.safeParse(xdrIncidentSchema, row);
  if (!parsed.success) return undefined;
  const { incidentName, createdTime, lastUpdateTime, alerts, ...same } = parsed.output;
  return {
    ...same,
    tenantId,
    source: 'defender-xdr',
    name: incidentName,
    redirectIncidentId: same.redirectIncidentId ?? undefined,
    createdAt: createdTime,
    lastUpdateAt: lastUpdateTime,
    comments: same.comments.map((one) => ({
      comment: one.comment,
      createdBy: one.createdBy,
      createdAt: one.createdTime,
    })),
    alertCount: alerts?.length,
  };
}
