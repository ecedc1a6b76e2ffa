import { expectAnswer, incidentsSchema } from '../answers.ts';
import type { Customer, DemoContext } from '../context.ts';
import { DemoError } from '../demo-error.ts';
import { send } from '../http.ts';
import type { Notes } from '../progress.ts';
import { getToken } from './tokens.ts';

/** Reads a customer's incidents from Defender with its brokered token; answers how many came. */
export async function readIncidents(context: DemoContext, customer: Customer): Promise<number> {
  const { accessToken: token } = await getToken(context, customer, customer.domain);
  const url = `${context.environment.microsoftUrl}/api/incidents?$top=5`;
  const { value } = expectAnswer(
    await send(context.fetch, `GET ${url}`, { token }),
    200,
    incidentsSchema,
  );
  const devices = value.flatMap(({ alerts }) => alerts.flatMap(({ devices }) => devices));
  // Ids are the same small numbers in every tenant; a device's name says whose it is.
  const own = `.customer-${customer.tenantId.slice(0, 8)}.example`;
  const foreign = devices.filter(({ deviceDnsName }) => !deviceDnsName.endsWith(own));
  if (value.length > 0 && devices.length > 0 && foreign.length === 0) return value.length;
  throw new DemoError(
    `Expected: incidents of ${customer.name} alone\n` +
      `Got: ${value.length} incidents, ${foreign.length} of ${devices.length} devices are others'`,
  );
}

/** Reads every customer's incidents. */
export async function readAllIncidents(
  context: DemoContext,
  { note }: Notes,
): Promise<ReadonlyMap<Customer, number>> {
  const counts = new Map<Customer, number>();
  for (const customer of Object.values(context.customers)) {
    const count = await readIncidents(context, customer);
    counts.set(customer, count);
    note(`${customer.name.padEnd(9)} ${count} incidents, every device its own`);
  }
  return counts;
}
