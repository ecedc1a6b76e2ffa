import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

// An API that answers a page of as many bytes as the query asks for, after 20 ms; in a process of
// its own.
const LATENCY_MS = 20;
const LINK = ',"@odata.nextLink":"https://graph.microsoft.com/v1.0/x?$skiptoken=next"}';

const pages = new Map<number, Buffer>();

function getPage(size: number): Buffer {
  const known = pages.get(size);
  if (known) return known;
  const row = '{"id":"924565","title":"Multi-stage incident","severity":"high"},';
  const rows = row.repeat(Math.ceil(size / row.length));
  const page = Buffer.from(`{"value":[${rows}{}]${LINK}`);
  pages.set(size, page);
  return page;
}

const server = createServer((incoming, response) => {
  const size = Number(new URLSearchParams(incoming.url?.split('?')[1]).get('size') ?? 0);
  setTimeout(() => {
    const page = getPage(size);
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': page.byteLength,
    });
    response.end(page);
  }, LATENCY_MS);
});
server.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
process.once('disconnect', () => process.exit());
