/**
 * `https://sts.windows.net/{tid}/` in v1.0, `https://login.microsoftonline.com/{tid}/v2.0` in v2.0.
 */
const ISSUER = /^https?:\/\/[^/]+\/([^/]+)\/(?:v2\.0)?$/;

/** Whether an issuer is a tenant's own ("Access token claims reference", Microsoft Learn). */
export function isIssuerOf(tenantId: string, issuer: string): boolean {
  return findIssuingTenant(issuer) === tenantId;
}

/** The tenant that an issuer names, `undefined` when it is no issuer of Entra. */
export function findIssuingTenant(issuer: string): string | undefined {
  return ISSUER.exec(issuer.toLowerCase())?.[1];
}
