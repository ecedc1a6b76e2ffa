import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TableClient } from '@azure/data-tables';
import { QueueServiceClient } from '@azure/storage-queue';
import { describe, it } from 'vitest';
import { startAzurite } from '../../local/azurite.ts';
import { serve } from '../../local/serve.ts';

function toTable(connectionString: string) {
  const options = { allowInsecureConnection: true };
  return TableClient.fromConnectionString(connectionString, 'Things', options);
}

describe.concurrent('Azurite', () => {
  it('keeps tables and queues until it is stopped', async ({ expect, onTestFinished }) => {
    const { connectionString, queueUrl, stop } = await startAzurite();
    onTestFinished(stop);

    await toTable(connectionString).createTable();
    await QueueServiceClient.fromConnectionString(connectionString).createQueue('things');
    await stop();

    await expect(fetch(queueUrl)).rejects.toThrow();
  });

  it('finds its data again in the folder it is given', async ({ expect, onTestFinished }) => {
    const location = mkdtempSync(join(tmpdir(), 'azurite-'));
    onTestFinished(() => rmSync(location, { recursive: true }));
    const first = await startAzurite({ location });
    await toTable(first.connectionString).createTable();
    await toTable(first.connectionString).createEntity({ partitionKey: 'p', rowKey: 'r' });
    await first.stop();

    const second = await startAzurite({ location });
    onTestFinished(second.stop);

    const entity = await toTable(second.connectionString).getEntity('p', 'r');
    expect(entity).toMatchObject({ partitionKey: 'p', rowKey: 'r' });
  });

  it('ends with a process that is killed', async ({ expect }) => {
    const module = new URL('../../local/azurite.ts', import.meta.url).href;
    const script = `const { startAzurite } = await import('${module}');
      console.log((await startAzurite()).tableUrl);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script]);
    const [url] = await once(parent.stdout, 'data');

    parent.kill('SIGKILL');

    const isThere = () =>
      fetch(String(url).trim()).then(
        () => true,
        () => false,
      );
    await expect.poll(isThere).toBe(false);
  });

  it('says what Azurite said when it cannot start', async ({ expect, onTestFinished }) => {
    const { url, stop } = await serve(() => new Response());
    onTestFinished(stop);

    const started = startAzurite({ ports: { blob: Number(new URL(url).port) } });

    await expect(started).rejects.toThrow(/Azurite ended with code \d+ .*EADDRINUSE/s);
  });
});
