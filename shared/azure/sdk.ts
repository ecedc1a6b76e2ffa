// The Azure SDKs cost more to load than everything else together: they are a chunk of their own,
// imported while the host starts, after the entry. Nothing else may import them by value.
export { TableClient } from '@azure/data-tables';
export { ManagedIdentityCredential } from '@azure/identity';
export { SecretClient } from '@azure/keyvault-secrets';
export { QueueServiceClient } from '@azure/storage-queue';
