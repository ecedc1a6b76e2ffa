import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, inject, test } from 'vitest';
import { createBlobContainer } from '../../../shared/azure/blobs/blob-container.ts';
import { createAzureClients } from '../../../shared/azure/clients/clients.ts';
import { listNames, openNewContainer } from '../../support/storage.ts';

const connect = (connectionString: string) =>
  createAzureClients({
    storage: { connectionString },
    keyVaultUrl: '',
    managedIdentityClientId: undefined,
  });

test('bytes come back as they were put, until they are removed', async () => {
  const blobs = openNewContainer('blobs');
  const content = Buffer.from([0, 255, 128, 10, 13]);
  await blobs.put('a/1', content);
  await blobs.put('a/2', Buffer.alloc(0));
  expect(await blobs.find('a/1')).toEqual(content);
  expect(await blobs.find('a/2')).toEqual(Buffer.alloc(0));
  await blobs.remove('a/1');
  await blobs.remove('a/1');
  expect([await blobs.find('a/1'), await listNames(blobs)]).toEqual([undefined, ['a/2']]);
});

test('a name that leads elsewhere is no blob, and nothing is written or removed by it', async () => {
  const blobs = openNewContainer('blobs');
  await blobs.put('other/1', Buffer.from('secret'));
  for (const name of [
    'own/../other/1',
    'own/%2e%2e/other/1',
    'other/1?x',
    'other//1',
    '/other/1',
  ]) {
    expect(await blobs.find(name)).toBeUndefined();
    await blobs.remove(name);
    await expect(blobs.put(name, Buffer.alloc(1))).rejects.toThrow('no name of a blob');
  }
  expect(await listNames(blobs)).toEqual(['other/1']);
});

test('blobs are listed by prefix, with their time', async () => {
  const blobs = openNewContainer('blobs');
  await Promise.all(['a/1', 'a/2', 'b/1'].map((name) => blobs.put(name, Buffer.from('x'))));
  const { value } = await blobs.list('a/')[Symbol.asyncIterator]().next();
  expect(value).toEqual(['a/1', 'a/2'].map((name) => ({ name, modifiedAt: expect.any(Number) })));
  expect(Math.abs(value[0].modifiedAt - Date.now())).toBeLessThan(60_000);
});

test('a wrong key is an error that holds no word of the answer', async () => {
  const wrong = inject('storage').replace(/AccountKey=[^;]+/, 'AccountKey=AAAA');
  const blobs = createBlobContainer(connect(wrong).blobs, 'refused');
  await expect(blobs.find('a')).rejects.toMatchObject({
    code: 'temporarily_unavailable',
    cause: { message: 'Blob Storage refused.', statusCode: 403 },
  });
});

test('a list of several pages goes on where the page before ended', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(String(request.url));
    const blob = (name: string) =>
      `<Blob><Name>${name}</Name><Last-Modified>Sat, 21 Nov 2026 09:00:00 GMT</Last-Modified></Blob>`;
    const isSecond = request.url?.includes('marker=m2');
    response.end(isSecond ? blob('b') : `${blob('a')}<NextMarker>m2</NextMarker>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => server.close());
  const { port } = server.address() as AddressInfo;
  const account = 'AccountName=acc;AccountKey=AAAA';
  const { blobs } = connect(`${account};BlobEndpoint=http://127.0.0.1:${port}/acc/`);
  expect(await listNames(createBlobContainer(blobs, 'c'))).toEqual(['a', 'b']);
  expect(asked).toEqual([
    '/acc/c?restype=container',
    '/acc/c?restype=container&comp=list',
    '/acc/c?restype=container&comp=list&marker=m2',
  ]);
});
