import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';

/** Lets this process's own clients trust the sandbox's authority. */
export function trustAuthority(authority: string): void {
  setDefaultCACertificates([...getCACertificates('default'), authority]);
}

/**
 * Writes the authority's certificate to where others can be pointed at; answers the file's path.
 */
export async function saveAuthority(authority: string, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = resolve(join(folder, 'ca.pem'));
  await writeFile(file, authority);
  return file;
}

/** How each kind of client is told to trust it: a file and a variable, nothing of the system's. */
export function describeTrust(file: string): string {
  return [
    `export NODE_EXTRA_CA_CERTS=${file}   # Node.js`,
    `export REQUESTS_CA_BUNDLE=${file}    # Python requests (MSAL, ADAL)`,
    `export SSL_CERT_FILE=${file}         # Go, Python ssl, curl`,
  ].join('\n');
}
