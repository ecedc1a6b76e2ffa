import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** Answers one request; a rejection becomes an empty 500 where nothing was sent yet. */
export type Answer = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

/** A listener on loopback. */
export interface HttpServer {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Stops accepting, then resolves when every request was answered. */
  readonly stop: () => Promise<void>;
}

/** What to serve and where. */
export interface HttpServerOptions {
  readonly answer: Answer;
  /** 0 takes a free one. */
  readonly port: number;
  readonly onError: (error: unknown) => void;
}

/** Listens on 127.0.0.1. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { answer, port, onError } = options;
  const pending = new Set<ServerResponse>();
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, maxHeaderSize: MAX_HEADER_BYTES },
    (incoming, outgoing) => {
      pending.add(outgoing);
      outgoing.once('close', () => pending.delete(outgoing));
      if (!server.listening) outgoing.shouldKeepAlive = false;
      answer(incoming, outgoing).catch((error: unknown) => {
        onError(error);
        fail(outgoing);
      });
    },
  );
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

// Kestrel's defaults.
const KEEP_ALIVE_MS = 130_000;
const MAX_HEADER_BYTES = 32 * 1024;

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
  if (outgoing.headersSent) {
    outgoing.destroy();
    return;
  }
  outgoing.writeHead(500, ['Content-Length', '0']);
  outgoing.end();
}
