import { connect } from 'node:net';

/** What a server sent until it closed the connection. */
interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/**
 * Sends exactly these bytes, which clients would tidy up, and reads to the end of the connection.
 * One character is one byte. The request asks for the end by `Connection: close`, unless it is to
 * be refused.
 */
export async function sendRaw(url: string, request: string): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.write(request, 'latin1');
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const end = text.indexOf('\r\n\r\n');
  const [, status] = /^HTTP\/1\.1 (\d+)/.exec(text) ?? [];
  return { status: Number(status), head: text.slice(0, end), body: text.slice(end + 4) };
}

/** The first lines of a request that ends its connection, with these lines beside. */
export function toHead(line: string, ...headers: readonly string[]): string {
  return `${[line, ...headers, 'Connection: close'].join('\r\n')}\r\n\r\n`;
}

/** What the echo of a fixture answered, taken out of its one chunk. */
export function parseEcho(body: string) {
  return JSON.parse(body.split('\r\n')[1] ?? '');
}
