import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as an API got it. */
interface UpstreamRequest {
  readonly method: string | undefined;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How an answer can go wrong. */
type UpstreamFault = 'break' | 'short' | 'headers' | 'declared' | 'endless' | 'stall' | 'silence';

const CHUNK = Buffer.alloc(64 * 1024, 'x');

/** Starts an API that answers what it is told to, and remembers who asked. */
export async function startUpstream() {
  const requests: UpstreamRequest[] = [];
  let respond: (response: ServerResponse) => void = respondWith(200, '{}', {});
  let sent = 0;
  let ended: Promise<void> = Promise.resolve();
  const server = createServer(async (incoming, response) => {
    requests.push(await read(incoming));
    ended = new Promise((resolve) => response.once('close', resolve));
    response.once('close', () => {
      sent += response.socket?.bytesWritten ?? 0;
    });
    respond(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer(status: number, body: string | Buffer, headers: Record<string, string> = {}) {
      respond = respondWith(status, body, headers);
    },
    fail(fault: UpstreamFault) {
      respond = FAULTS[fault];
    },
    /** What left before the other side hung up. */
    bytesSent: async () => {
      await ended;
      return sent;
    },
    reset() {
      requests.length = 0;
      sent = 0;
      respond = respondWith(200, '{}', {});
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function read(incoming: IncomingMessage): Promise<UpstreamRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const { method, url = '', headers } = incoming;
  const flat = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  return { method, url, headers: Object.fromEntries(flat), body: Buffer.concat(chunks).toString() };
}

function respondWith(status: number, body: string | Buffer, headers: Record<string, string>) {
  // Node refuses what is not Latin-1 in a header; servers of others don't.
  const safe = Object.entries(headers).map(([name, value]) => [
    name,
    Buffer.from(value).toString('latin1'),
  ]);
  return (response: ServerResponse) =>
    void response.writeHead(status, Object.fromEntries(safe)).end(body);
}

const FAULTS: Readonly<Record<UpstreamFault, (response: ServerResponse) => void>> = {
  break: (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"a":', () => response.socket?.resetAndDestroy());
  },
  short: (response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{}', () => response.socket?.end());
  },
  headers: (response) => {
    response.writeHead(200, { 'x-large': 'x'.repeat(3 * 1024 * 1024) }).end('{}');
  },
  declared: (response) => {
    response.writeHead(200, { 'content-length': String(64 * 1024 * 1024) });
    pour(response);
  },
  endless: (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    pour(response);
  },
  stall: (response) => {
    response.writeHead(200).write('{');
  },
  silence: () => undefined,
};

function pour(response: ServerResponse): void {
  while (!response.destroyed && response.write(CHUNK));
  if (!response.destroyed) response.once('drain', () => pour(response));
}
