import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** Bytes that answer a request, or what is done to its connection. */
type BrokenAnswer = string | Buffer | ((socket: Socket) => void);

/**
 * Starts a server that answers each request with the next of these answers, whatever it asks: what
 * Node's own server would not send. A request has to arrive in one piece.
 */
export async function createBrokenServer(answers: readonly BrokenAnswer[]) {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  let count = 0;
  let closed: Promise<unknown> = Promise.resolve();
  const server = createServer((socket) => {
    count++;
    sockets.add(socket);
    closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      const answer = answers[requests.length] ?? '';
      requests.push(data.toString('latin1'));
      if (typeof answer === 'function') answer(socket);
      else socket.write(answer);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: (): readonly string[] => requests,
    connections: () => count,
    /** When the last connection is closed. */
    closed: () => closed,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
