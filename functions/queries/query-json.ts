import type { SavedQuery } from '../../shared/hunting/saved-query.ts';

/** A saved query as the API shows it. */
export function toQueryJson({ name, query, parameters, description, ...saved }: SavedQuery) {
  return {
    name,
    query,
    parameters,
    description,
    updated_by: saved.updatedBy,
    created_at: new Date(saved.createdAt).toISOString(),
    updated_at: new Date(saved.updatedAt).toISOString(),
  };
}
