import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { sendStatus } from './http-response.ts';

/** Answers one request; a rejection becomes an empty 500 where nothing was sent yet. */
export type Answer = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

/** A listener on loopback. */
interface HttpServer {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Stops accepting, then resolves when every request was answered. */
  readonly stop: () => Promise<void>;
}

/** What to serve and where. */
interface HttpServerOptions {
  readonly answer: Answer;
  /** 0 takes a free one. */
  readonly port: number;
  readonly onError: (error: unknown) => void;
}

/** Listens on 127.0.0.1. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { answer, port, onError } = options;
  const pending = new Set<ServerResponse>();
  const server = createServer(PARSER_OPTIONS, (incoming, outgoing) => {
    pending.add(outgoing);
    outgoing.once('close', () => pending.delete(outgoing));
    if (!server.listening) outgoing.shouldKeepAlive = false;
    answer(incoming, outgoing).catch((error: unknown) => {
      onError(error);
      fail(outgoing);
    });
  });
  // Node's own limit drops what is beyond it; the front end counts bytes.
  server.maxHeadersCount = 0;
  server.on('clientError', refuseUnparsed);
  server.on('connect', (_request, socket) => endWith(socket, 404));
  await listen(server, port);
  const address = server.address();
  const bound = typeof address === 'object' ? address?.port : port;
  return {
    url: `http://127.0.0.1:${bound}`,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      const closing = [...pending].map(
        (outgoing) => new Promise((done) => outgoing.once('close', done)),
      );
      await Promise.all(closing);
      server.closeAllConnections();
      await closed;
    },
  };
}

const PARSER_OPTIONS = {
  // Kestrel's default.
  keepAliveTimeout: 130_000,
  // Beyond Kestrel's limits, so that the front end says which one was passed.
  maxHeaderSize: 1024 * 1024,
  // Kestrel takes a Content-Length beside Transfer-Encoding, which Node's strict parser refuses.
  insecureHTTPParser: true,
};

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function fail(outgoing: ServerResponse): void {
  if (outgoing.headersSent) outgoing.destroy();
  else sendStatus(outgoing, 500);
}

const REQUEST_LINE = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+ \S+ HTTP\/1\.[01]\r?\n/;

/**
 * Answers what Node's parser gave up on; a method that it does not know is one that no function
 * has.
 */
function refuseUnparsed(
  error: Error & { code?: string; rawPacket?: Buffer },
  socket: Duplex,
): void {
  const { code, rawPacket } = error;
  const isUnknownMethod =
    code === 'HPE_INVALID_METHOD' && REQUEST_LINE.test(rawPacket?.toString('latin1') ?? '');
  if (code === 'HPE_HEADER_OVERFLOW') endWith(socket, 431);
  else endWith(socket, isUnknownMethod ? 404 : 400);
}

const REASONS = { 400: 'Bad Request', 404: 'Not Found', 431: 'Request Header Fields Too Large' };

function endWith(socket: Duplex, status: keyof typeof REASONS): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const head = [`HTTP/1.1 ${status} ${REASONS[status]}`, 'Content-Length: 0', 'Connection: close'];
  socket.end(
    `${[...head, `Date: ${new Date().toUTCString()}`, 'Server: Kestrel'].join('\r\n')}\r\n\r\n`,
  );
}
