import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createLoopbackIdentity } from './certificates.ts';
import { trustAuthority } from './trust.ts';

/** TLS in front of a plain host, as App Service's front end has it. */
export interface TlsFront {
  /** `https://localhost:<port>`. */
  readonly url: string;
  /** The certificate to trust, in PEM. */
  readonly authority: string;
  readonly stop: () => Promise<void>;
}

/** As long as the host behind it waits. */
const KEEP_ALIVE_MS = 130_000;

/**
 * Serves TLS on loopback and hands every request to the plain port, which may come up later. This
 * process's own clients trust the authority from now on.
 */
export async function startTlsFront(port: number, targetPort: number): Promise<TlsFront> {
  const { key, certificate, authority } = await createLoopbackIdentity();
  trustAuthority(authority);
  const options = { key, cert: certificate, keepAliveTimeout: KEEP_ALIVE_MS };
  const server = createServer(options, (incoming, outgoing) =>
    forward(incoming, outgoing, targetPort),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${bound}`,
    authority,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, port: number): void {
  const { method = 'GET', url = '/', rawHeaders } = incoming;
  const headers = [
    ...without(FORWARDED, rawHeaders),
    ...['x-forwarded-for', toForwardedFor(incoming)],
    ...['x-forwarded-proto', 'https'],
  ];
  const upstream = request({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, without(HOP_BY_HOP, answer.rawHeaders));
    answer.pipe(outgoing);
  });
  upstream.on('error', () => {
    if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(502).end();
  });
  outgoing.on('close', () => upstream.destroy());
  incoming.pipe(upstream);
}

/** What the client says of itself comes first, the front end's own word last. */
function toForwardedFor({ headers, socket }: IncomingMessage): string {
  const said = [headers['x-forwarded-for'] ?? []].flat();
  return [...said, `${socket.remoteAddress}:${socket.remotePort}`].join(', ');
}

const FORWARDED = new Set(['x-forwarded-for', 'x-forwarded-proto']);

/**
 * They speak of the connection behind. A client that is told of 130 s there and closed here after
 * five sends its next request into a closed connection, and MSAL does not try again.
 */
const HOP_BY_HOP = new Set(['connection', 'keep-alive']);

function without(names: ReadonlySet<string>, rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, index) => {
    const name = rawHeaders[index - (index % 2)]?.toLowerCase() ?? '';
    return !names.has(name);
  });
}
