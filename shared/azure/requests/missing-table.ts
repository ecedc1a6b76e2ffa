import type { TableClient } from '@azure/data-tables';

/**
 * Makes a client create its table when storage says that it is missing, and repeat the request: a
 * table that exists, as in every deployment, costs no question on the way to a row.
 */
export function createWhenMissing(client: TableClient): TableClient {
  client.pipeline.addPolicy(
    {
      name: 'create-when-missing',
      async sendRequest(request, next) {
        const response = await next(request);
        if (response.status !== 404) return response;
        if (!response.bodyAsText?.includes('TableNotFound')) return response;
        await client.createTable();
        return await next(request);
      },
    },
    // Further out, a 404 is an exception already; further in come the retries.
    { afterPhase: 'Deserialize' },
  );
  return client;
}
