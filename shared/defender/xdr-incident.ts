import * as v from 'valibot';
import type { Incident } from '../incidents/incident.ts';
import {
  alertCountSchema,
  commentsSchema,
  idSchema,
  instantSchema,
  optionalIdSchema,
  optionalInstantSchema,
  optionalTextSchema,
  tagsSchema,
  textSchema,
  wordSchema,
} from './incident-fields.ts';

const xdrIncidentSchema = v.object({
  incidentId: idSchema,
  lastUpdateTime: instantSchema,
  redirectIncidentId: optionalIdSchema,
  incidentName: textSchema,
  severity: wordSchema,
  status: wordSchema,
  classification: wordSchema,
  determination: wordSchema,
  assignedTo: optionalTextSchema,
  createdTime: optionalInstantSchema,
  tags: tagsSchema,
  comments: commentsSchema,
  alerts: alertCountSchema,
});

/**
 * Reads an incident of the Defender XDR API; `undefined` without a usable id or time of the last
 * update.
 */
export function findXdrIncident(row: unknown, tenantId: string): Incident | undefined {
  const parsed = v.safeParse(xdrIncidentSchema, row);
  if (!parsed.success) return undefined;
  const { incidentName, createdTime, lastUpdateTime, alerts, ...same } = parsed.output;
  return {
    ...same,
    tenantId,
    source: 'defender-xdr',
    name: incidentName,
    createdAt: createdTime,
    lastUpdateAt: lastUpdateTime,
    alertCount: alerts,
  };
}
