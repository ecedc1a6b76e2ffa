import { expect, test } from 'vitest';
import { TOOLS } from '../../../functions/mcp/tools/tools.ts';
import { ROUTES } from '../../../functions/routes.ts';

test.each([
  ['list_customers', 'listTenants'],
  ['search_incidents', 'listIncidents'],
  ['incident_changes', 'listIncidentChanges'],
  ['start_hunt', 'createHunt'],
  ['hunt_results', 'getHuntResults'],
])('the tool %s counts against the same budget as the route %s', (tool, route) => {
  const found = ROUTES.find(({ id }) => id === route);
  const work = found?.kind === 'api' ? found.work : undefined;
  expect(work).toBeDefined();
  expect(TOOLS.find(({ name }) => name === tool)?.work).toBe(work);
});
