import type { ApiHandle } from '../api.ts';
import { toCallerJson } from './caller-json.ts';

/** `GET /callers`: every caller with grants. */
export const listCallers: ApiHandle = async (_, { grantAdministration }) => ({
  jsonBody: { value: (await grantAdministration.list()).map(toCallerJson) },
});
