// MSAL, which is half of the SDKs: loaded where the platform has no endpoint of App Service.
export { ManagedIdentityCredential } from '@azure/identity';
