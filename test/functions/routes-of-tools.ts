import type { ApiRoute } from '../../functions/route.ts';
import { ROUTES } from '../../functions/routes.ts';

/** The routes that take a caller's token, with what they take. */
export const ROUTES_OF_TOOLS: readonly ApiRoute[] = ROUTES.filter((route) => route.kind === 'api');
