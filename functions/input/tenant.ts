import * as v from 'valibot';

/** A tenant's GUID or verified domain; what it names is looked up. */
export const tenantNameSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(253));
