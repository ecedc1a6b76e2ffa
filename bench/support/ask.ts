import { type Agent, get } from 'node:http';

/** Gets an address and reads the answer to its end; answers its status and `Retry-After`. */
export function ask(url: string, token: string, through: Agent) {
  return new Promise<{ status: number; bytes: number; retryAfter: number }>((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    get(url, { agent: through, headers }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.byteLength;
      });
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          bytes,
          retryAfter: Number(response.headers['retry-after'] ?? 1),
        }),
      );
      response.on('error', reject);
    }).on('error', reject);
  });
}
