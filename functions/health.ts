import type { HttpHandler } from '@azure/functions';
import { ConfigError } from '../shared/config.ts';
import type { Services } from './services.ts';

/** `GET /health`: whether the broker could start; names what is wrong with its settings, never a value. */
export function createHealth(getServices: () => Services): HttpHandler {
  return () => {
    const problems = findProblems(getServices);
    return {
      status: problems.length === 0 ? 200 : 503,
      headers: { 'cache-control': 'no-store' },
      jsonBody: problems.length === 0 ? { status: 'up' } : { status: 'down', problems },
    };
  };
}

function findProblems(getServices: () => Services): readonly string[] {
  try {
    getServices();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}
