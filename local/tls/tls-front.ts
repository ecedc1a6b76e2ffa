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

/**
 * Serves TLS on loopback and hands every request to the plain port, which may come up later. This
 * process's own clients trust the authority from now on.
 */
export async function startTlsFront(port: number, targetPort: number): Promise<TlsFront> {
  const { key, certificate, authority } = await createLoopbackIdentity();
  trustAuthority(authority);
  const server = createServer({ key, cert: certificate }, (incoming, outgoing) =>
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
    ...withoutForwarded(rawHeaders),
    ...['x-forwarded-for', toForwardedFor(incoming)],
    ...['x-forwarded-proto', 'https'],
  ];
  const upstream = request({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
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

function withoutForwarded(rawHeaders: readonly string[]): readonly string[] {
  return rawHeaders.filter((_, index) => {
    const name = rawHeaders[index - (index % 2)]?.toLowerCase();
    return name !== 'x-forwarded-for' && name !== 'x-forwarded-proto';
  });
}
