@description('Settings that parameters of the deployment decide, by their names.')
param settings object
param name string
param token string
param location string
param tags object
param identityId string
param identityClientId string
param blobEndpoint string
param queueEndpoint string
param tableEndpoint string
@description('Where the package is: https URL of a container.')
param packageContainerUrl string
param insightsName string
param subnetId string
param nodeVersion string
param instanceMemoryMB int
param maximumInstanceCount int
param alwaysReadyInstances int
param keyVaultUrl string

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

// Host and worker share the smallest instance: without these the worker alone grows to most of it (docs/operations.md, "Memory").
var workerArguments = instanceMemoryMB == 512 ? '--max-old-space-size=256 --max-semi-space-size=8' : ''

// The only place where app settings get their names; local.settings.sample.json lists the same ones.
var ownSettings = {
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  AzureWebJobsStorage__blobServiceUri: blobEndpoint
  AzureWebJobsStorage__queueServiceUri: queueEndpoint
  AzureWebJobsStorage__tableServiceUri: tableEndpoint
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  languageWorkers__node__arguments: workerArguments

  PARTNER_TENANT_ID: tenant().tenantId

  KEY_VAULT_URL: keyVaultUrl
  CLIENT_SECRET_NAME: 'partner-client-secret'
  CLIENT_CERTIFICATE_NAME: 'partner-client-certificate'
  TOKEN_KEY_NAME: 'token-encryption-key'
  RECEIPT_KEY_NAME: 'receipt-signing-key'
  MANAGED_IDENTITY_CLIENT_ID: identityClientId

  ENTRA_AUTHORITY: ''

  TOKEN_REFRESH_SCHEDULE: '0 */5 * * * *'
  INCIDENT_SYNC_SCHEDULE: '0 * * * * *'
  INCIDENT_SYNC_INTERVAL: '300'
  INCIDENT_BACKFILL_DAYS: '30'
  INCIDENT_RETENTION_DAYS: '180'
  AUDIT_RETENTION_DAYS: '400'
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
          value: packageContainerUrl
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
      // A loop would want names that are known before the deployment begins; a lambda takes what other resources answer.
      appSettings: concat(
        map(items(union(ownSettings, settings)), setting => {
          name: setting.key
          value: setting.value
        }),
        [{ name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: insights.properties.ConnectionString }]
      )
    }
  }

  // Nobody deploys by user name and password.
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
