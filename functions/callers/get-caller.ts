import type { ApiHandle } from '../api.ts';
import { toCallerJson } from './caller-json.ts';

/** `GET /callers/{client_id}`: what one caller may have. */
export const getCaller: ApiHandle = async ({ http }, { grantAdministration }) => ({
  jsonBody: toCallerJson(await grantAdministration.get(http.params.client_id ?? '')),
});
