import { generateKeyPair, type JWTPayload, jwtVerify, SignJWT } from 'jose';

/** Signs claims into access tokens and verifies them again, with a key of its own. */
export async function createIssuer(now: () => number = Date.now) {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  return {
    issue: (claims: JWTPayload) =>
      new SignJWT({ exp: now() / 1000 + 3600, ...claims })
        .setProtectedHeader({ alg: 'ES256' })
        .sign(privateKey),
    verifyAccessToken: async (token: string): Promise<JWTPayload> => {
      const { payload } = await jwtVerify(token, publicKey, { currentDate: new Date(now()) });
      return payload;
    },
  };
}
