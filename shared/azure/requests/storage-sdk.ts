// Queues, and the signature by an account's key: no first token of a deployment waits for them.
export { storageSharedKeyCredentialPolicy } from '@azure/storage-common';
export { QueueServiceClient } from '@azure/storage-queue';
