import * as v from 'valibot';
import { TAG } from '../../shared/tenants/tenant.ts';

/** A tag of a tenant. */
export const tagSchema = v.pipe(
  v.string(),
  v.regex(TAG, 'Use 1 to 40 lower-case letters, digits and hyphens.'),
);

/** A tenant's GUID or verified domain; what it names is looked up. */
export const tenantNameSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(253));
