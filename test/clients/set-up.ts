import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { startWorld } from '../functions/set-up.ts';

/** A broker behind TLS with two customers, as clients that know nothing of it meet it. */
export async function startFace() {
  const world = await startWorld({}, { tlsPort: 0 });
  const { tls, partner } = world.sandbox;
  if (!tls) throw new Error('The sandbox serves no TLS.');
  setDefaultCACertificates([...getCACertificates('default'), tls.authority]);
  const contoso = (await world.onboard('Contoso')).tenant;
  const fabrikam = (await world.onboard('Fabrikam')).tenant;
  return {
    ...world,
    tls,
    host: new URL(tls.url).host,
    tool: partner.tools.playbook,
    contoso,
    fabrikam,
  };
}

/** The scope of the incidents' API. */
export const SCOPE = 'https://api.security.microsoft.com/.default';

/** The customer whose token it is, and what it may do. */
export function readClaims(accessToken: string): { tid: string; roles: readonly string[] } {
  const [, payload = ''] = accessToken.split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
}
