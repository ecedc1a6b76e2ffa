param name string
param token string
param location string
param tags object
param identityId string
param identityClientId string
param storageName string
param deploymentContainer string
param insightsName string
param subnetId string
param nodeVersion string
param instanceMemoryMB int
param maximumInstanceCount int
param alwaysReadyInstances int
param publicBaseUrl string
param partnerClientId string
param apiAudience string
param keyVaultUrl string
param clientCredential string
param cloud string
param requiredRoles string
param optionalRoles string
param partnerName string
param partnerContact string
param partnerPrivacyUrl string
param partnerAppName string
param incidentSource string
param telemetry string
param otlpEndpoint string

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

// The only place where app settings are set; local.settings.sample.json lists the same ones.
var settings = {
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  AzureWebJobsStorage__blobServiceUri: storage.properties.primaryEndpoints.blob
  AzureWebJobsStorage__queueServiceUri: storage.properties.primaryEndpoints.queue
  AzureWebJobsStorage__tableServiceUri: storage.properties.primaryEndpoints.table
  APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'

  PARTNER_TENANT_ID: tenant().tenantId
  PARTNER_CLIENT_ID: partnerClientId
  PUBLIC_BASE_URL: publicBaseUrl
  API_AUDIENCE: apiAudience

  KEY_VAULT_URL: keyVaultUrl
  CLIENT_CREDENTIAL: clientCredential
  CLIENT_SECRET_NAME: 'partner-client-secret'
  CLIENT_CERTIFICATE_NAME: 'partner-client-certificate'
  TOKEN_KEY_NAME: 'token-encryption-key'
  RECEIPT_KEY_NAME: 'receipt-signing-key'
  MANAGED_IDENTITY_CLIENT_ID: identityClientId

  CLOUD: cloud
  ENTRA_AUTHORITY: ''
  DEFENDER_API_URL: ''
  DEFENDER_ENDPOINT_API_URL: ''
  GRAPH_API_URL: ''

  PARTNER_NAME: partnerName
  PARTNER_CONTACT: partnerContact
  PARTNER_PRIVACY_URL: partnerPrivacyUrl
  PARTNER_APP_NAME: partnerAppName

  REQUIRED_ROLES: requiredRoles
  OPTIONAL_ROLES: optionalRoles
  INCIDENT_SOURCE: incidentSource
  TOKEN_REFRESH_SCHEDULE: '0 */5 * * * *'
  INCIDENT_SYNC_SCHEDULE: '0 * * * * *'
  INCIDENT_SYNC_INTERVAL: '300'
  INCIDENT_BACKFILL_DAYS: '30'
  INCIDENT_RETENTION_DAYS: '180'
  AUDIT_RETENTION_DAYS: '400'

  TELEMETRY: telemetry
  OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint
}

// 'http' is all HTTP functions; each other function would be 'function:<name>'.
var alwaysReady = [
  {
    name: 'http'
    instanceCount: alwaysReadyInstances
  }
]

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: 'plan-${token}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${storage.properties.primaryEndpoints.blob}${deploymentContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReadyInstances == 0 ? [] : alwaysReady
        triggers: {
          http: {
            // Requests wait for storage and Entra, not for the processor; the default of the smallest size is 4.
            perInstanceConcurrency: 16
          }
        }
      }
      runtime: {
        name: 'node'
        version: nodeVersion
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      http20Enabled: true
      // A loop would want names that are known before the deployment begins; a lambda takes what storage answers.
      appSettings: map(items(settings), setting => {
        name: setting.key
        value: setting.value
      })
    }
  }

  // Deployments sign in with Entra; user names and passwords are off.
  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: {
      allow: false
    }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: {
      allow: false
    }
  }
}

output name string = app.name
