import { forkHost } from '../environment/host.ts';
import { seedBroker } from '../environment/seed.ts';
import { startEnvironment, type TestEnvironment } from '../environment/start-environment.ts';
import type { SectionResult } from '../report/row.ts';
import { reportSection } from '../report/section.ts';
import { readProcessorMs } from '../support/process-weight.ts';
import { median } from '../support/statistics.ts';

/** One agent's question: which tools there are. */
async function listTools(url: string, token: string): Promise<void> {
  const response = await fetch(`${url}/api/mcp`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
  });
  const body = await response.text();
  if (!body.includes('list_customers')) throw new Error(`${response.status}: ${body}`);
}

/** Processor time of the first call and of the second, in a host process of their own. */
async function measureOnce({ settings, callerToken }: TestEnvironment) {
  const host = await forkHost(settings, { quiet: true });
  try {
    // Everything but the tools' own chunk is loaded by another route.
    const headers = { authorization: `Bearer ${callerToken}` };
    await (await fetch(`${host.url}/api/tenants`, { headers })).text();
    const times: number[] = [];
    for (let call = 0; call < 2; call++) {
      const before = await readProcessorMs(host.pid);
      await listTools(host.url, callerToken);
      times.push((await readProcessorMs(host.pid)) - before);
    }
    return { first: times[0] ?? Number.NaN, second: times[1] ?? Number.NaN };
  } finally {
    await host.stop();
  }
}

await reportSection(async ({ quick }): Promise<SectionResult> => {
  const environment = await startEnvironment({ tenants: 1 });
  try {
    await seedBroker(environment);
    const runs = [];
    for (let run = 0; run < (quick ? 2 : 7); run++) runs.push(await measureOnce(environment));
    const first = median(runs.map((run) => run.first));
    const second = median(runs.map((run) => run.second));
    return {
      rows: [
        {
          what: 'the first call of an agent in a process that runs, processor time',
          measured: { value: first, unit: 'ms' },
          against: { name: 'the second', value: second, unit: 'ms' },
          bar: { of: 'measured', is: 'at most', limit: 400 },
        },
      ],
      notes: ['tools/list over POST /api/mcp, as Linux counts: in steps of 10 ms.'],
    };
  } finally {
    await environment.stop();
  }
});
