import type { SecretClientOptions } from '@azure/keyvault-secrets';

const LOOPBACK_HTTP = /^http:\/\/(?=(127\.0\.0\.1|localhost|\[::1\])(:|\/|$))/;

/** Key Vault's client refuses plain http even to this machine, where the sandbox's vault is. */
export function isLoopbackHttp(url: string): boolean {
  return LOOPBACK_HTTP.test(url);
}

/** Lets the client believe in https and speaks http to loopback, and to loopback only. */
export function toLoopbackOptions(
  url: string,
  common: SecretClientOptions,
): { url: string; options: SecretClientOptions } {
  const secure = url.replace(LOOPBACK_HTTP, 'https://');
  return {
    url: secure,
    options: {
      ...common,
      allowInsecureConnection: true,
      disableChallengeResourceVerification: true,
      additionalPolicies: [
        ...(common.additionalPolicies ?? []),
        {
          position: 'perRetry',
          policy: {
            name: 'loopbackHttp',
            async sendRequest(request, next) {
              const asked = request.url;
              if (asked.startsWith(secure)) request.url = `${url}${asked.slice(secure.length)}`;
              return await next(request).finally(() => {
                request.url = asked;
              });
            },
          },
        },
      ],
    },
  };
}
