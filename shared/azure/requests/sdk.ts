// The Azure SDKs cost more to load than everything else together: what a first token takes is a
// chunk of its own, imported while the host starts, after the core; the rest has others beside it.
// Nothing else may import them by value.
export {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';
export { TableClient } from '@azure/data-tables';
export { SecretClient } from '@azure/keyvault-secrets';
