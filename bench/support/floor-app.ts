import { app } from '@azure/functions';
import { CompactEncrypt, createRemoteJWKSet, jwtVerify } from 'jose';

// The least that any broker of this kind loads: routes, the check of callers, encryption at rest.
app.http('verify', {
  handler: async (request) => {
    const keys = createRemoteJWKSet(new URL('https://login.microsoftonline.com/common/keys'));
    const token = request.headers.get('authorization') ?? '';
    const { payload } = await jwtVerify(token, keys);
    const sealed = await new CompactEncrypt(new TextEncoder().encode(payload.sub))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .encrypt(new Uint8Array(32));
    return { body: sealed };
  },
});

app.http('empty', {
  methods: ['GET'],
  route: 'api/empty',
  handler: () => ({ jsonBody: { status: 'up' } }),
});

// The triggers that the broker has too: listening to them is the host's own start.
const nothing = () => undefined;
app.timer('refresh', { schedule: '%TOKEN_REFRESH_SCHEDULE%', handler: nothing });
for (const queueName of ['token-refresh', 'consent-verification', 'incident-sync']) {
  app.storageQueue(queueName, { queueName, connection: 'AzureWebJobsStorage', handler: nothing });
}
