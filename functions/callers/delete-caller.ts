import type { ApiHandle } from '../api.ts';

/** `DELETE /callers/{client_id}`: takes every grant away. */
export const deleteCaller: ApiHandle = async ({ http }, { grantAdministration }) => {
  const name = http.params.client_id ?? '';
  await grantAdministration.remove(name);
  return { jsonBody: { caller: name.toLowerCase() } };
};
