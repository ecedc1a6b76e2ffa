import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Somebody's receiver of notifications. */
export interface Receiver {
  readonly url: string;
  /** How many arrived at a path. */
  readonly count: (path: string) => number;
  readonly close: () => void;
}

/** Starts a receiver on loopback that takes everything. */
export async function startReceiver(): Promise<Receiver> {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    if (request.method === 'POST') paths.push(request.url ?? '');
    request.resume();
    response.writeHead(204).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on TCP has such an address.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    count: (path) => paths.filter((one) => one === path).length,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
