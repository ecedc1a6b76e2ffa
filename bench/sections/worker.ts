import { setTimeout as sleep } from 'node:timers/promises';
import { forkHost } from '../environment/host.ts';
import { seedBroker } from '../environment/seed.ts';
import { startEnvironment } from '../environment/start-environment.ts';
import type { SectionResult } from '../report/row.ts';
import { reportSection } from '../report/section.ts';
import { type LoadRequest, sendRequests } from '../support/load.ts';
import { weigh } from '../support/process-weight.ts';
import { readWorkerArguments } from '../support/read-in-process.ts';

const CONNECTIONS = 16;
const REQUESTS = 100_000;

await reportSection(async ({ quick }): Promise<SectionResult> => {
  const environment = await startEnvironment({ tenants: 1 });
  await seedBroker(environment);
  const workerArguments = await readWorkerArguments();
  const host = await forkHost(environment.settings, { quiet: true, workerArguments });
  const request: LoadRequest = {
    method: 'POST',
    url: `${host.url}/api/tenants/${environment.tenantIds[0]}/token`,
    headers: {
      authorization: `Bearer ${environment.callerToken}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ resource: 'defender-xdr', min_ttl: 60 }),
  };
  try {
    // The first answer loads what a token takes.
    await sendRequests(request, { connections: 1, count: 1 });
    await sleep(500);
    const idle = await weigh(host.pid);
    const count = quick ? REQUESTS / 10 : REQUESTS;
    await sendRequests(request, { connections: CONNECTIONS, count });
    const after = await weigh(host.pid);
    return {
      rows: [
        {
          what: `host and worker after ${count.toLocaleString('en-US')} token requests, resident`,
          measured: { value: after, unit: 'MB' },
          against: { name: 'idle, after the first token', value: idle, unit: 'MB' },
          ratio: after / idle,
          bar: { of: 'ratio', is: 'at most', limit: 1.5 },
        },
      ],
      notes: [
        `${CONNECTIONS} connections; the heap is bounded as the template bounds it on the smallest instance:`,
        `${workerArguments.join(' ')}. The local host runs the worker in its own process.`,
      ],
    };
  } finally {
    await host.stop();
    await environment.stop();
  }
});
