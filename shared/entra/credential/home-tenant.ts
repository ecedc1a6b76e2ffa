import { FAILURES } from '../../tokens/failure-table.ts';
import { toEntraFailure } from '../entra-failure.ts';
import { type Fetch, postForm } from '../entra-http.ts';
import type { ClientProof } from './client-credential.ts';

/** What the home tenant says of the client; `unknown`: it said nothing about it. */
export type CredentialVerdict = 'accepted' | 'refused' | 'unknown';

/** Makes the proof for an endpoint. */
export type Present = (tokenEndpoint: string) => Promise<ClientProof>;

/**
 * Shows a credential to the home tenant, whose word no customer's consent can spoil; never rejects.
 */
export type Prove = (present: Present) => Promise<CredentialVerdict>;

/** Creates the proof: any token of the home tenant will do, even one without roles. */
export function createProve({
  fetch,
  tokenEndpoint,
  clientId,
  scope,
}: {
  fetch: Fetch;
  tokenEndpoint: string;
  clientId: string;
  scope: string;
}): Prove {
  return async (present) => {
    try {
      const answer = await postForm(fetch, tokenEndpoint, {
        grant_type: 'client_credentials',
        client_id: clientId,
        scope,
        ...(await present(tokenEndpoint)),
      });
      if (answer.status === 200) return 'accepted';
      return FAILURES[toEntraFailure(answer).cause].scope === 'client' ? 'refused' : 'unknown';
    } catch {
      // Entra is out of reach: that says nothing about the credential.
      return 'unknown';
    }
  };
}
