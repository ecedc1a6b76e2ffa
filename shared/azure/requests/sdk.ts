// The Azure SDKs cost more to load than everything else together: they are a chunk of their own,
// imported while the host starts, after the entry. Nothing else may import them by value.
export {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';
export { TableClient } from '@azure/data-tables';
export { ManagedIdentityCredential } from '@azure/identity';
export { SecretClient } from '@azure/keyvault-secrets';
export { storageSharedKeyCredentialPolicy } from '@azure/storage-common';
export { QueueServiceClient } from '@azure/storage-queue';
