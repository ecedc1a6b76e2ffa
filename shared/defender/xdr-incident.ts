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

const xdrIncidentSchema = v.object({
  ...COMMON_FIELDS,
  incidentId: idSchema,
  lastUpdateTime: instantSchema,
  incidentName: textSchema,
  createdTime: optionalInstantSchema,
  tags: tagsSchema,
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
