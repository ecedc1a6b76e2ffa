targetScope = 'subscription'

@minLength(1)
@maxLength(40)
@description('Name of the azd environment; every resource name is derived from it.')
param environmentName string

@minLength(1)
@description('Region of every resource; it has to offer Flex Consumption.')
@metadata({
  azd: {
    type: 'location'
  }
})
param location string

@description('Object id of who deploys: may write secrets to the vault, and the package. Empty: nobody gets these rights here.')
param principalId string = ''

@allowed([
  'User'
  'ServicePrincipal'
])
param principalType string = 'User'

@description('Object id of a group of operators: may read the log and look at queue messages. Empty: no group.')
param operatorsGroupId string = ''

@description('false: the registrations were made in the portal; set existingClientId and existingApiClientId.')
param createAppRegistrations bool = true

@description('Also registers an internal tool that may ask for tokens, as a pattern for real ones.')
param createExampleTool bool = true

@maxLength(60)
@description('Finds registrations that an earlier version made: its environment\'s name. Empty: registrations of this subscription, name and region.')
param registrationKey string = ''

@description('Application id of the multi-tenant client, where it is not created here.')
param existingClientId string = ''

@description('Application id of the broker\'s own API, where it is not created here.')
param existingApiClientId string = ''

@allowed([
  'secret'
  'certificate'
  'managed-identity'
])
@description('How the client proves itself to Entra.')
param clientCredential string = 'secret'

@allowed([
  'global'
  'gcc'
  'gcc-high'
  'dod'
])
param cloud string = 'global'

@description('Comma list of resource:App.Role that every customer has to grant.')
param requiredRoles string = 'defender-xdr:Incident.Read.All'

@description('Comma list of resource:App.Role that customers are asked for besides; a customer is active without them.')
param optionalRoles string = ''

@allowed([
  'defender-xdr'
  'graph'
])
param incidentSource string = 'defender-xdr'

@maxLength(80)
@description('Your name, as the consent pages show it to customers.')
param partnerName string = ''

@maxLength(200)
@description('E-mail address, phone number or page at which customers reach you.')
param partnerContact string = ''

@maxLength(200)
@description('https URL of the privacy statement that customers\' admins are shown.')
param partnerPrivacyUrl string = ''

@minLength(1)
@maxLength(120)
@description('Name of the multi-tenant client, as customers see it on the consent page.')
param partnerAppName string = 'Defender partner broker'

@maxLength(200)
@description('https URL of the terms of service that customers\' admins are shown.')
param partnerTermsUrl string = ''

@description('Operators may call the API with the Azure CLI\'s token.')
param allowAzureCli bool = false

@description('Client ids of AI agents through which people may call the API, joined by commas.')
param agentClientIds string = ''

@minValue(1)
@maxValue(90)
@description('Days that results of hunts are kept.')
param huntRetentionDays int = 7

@minValue(1)
@maxValue(100)
@description('Customers that all hunts together ask at the same time.')
param huntConcurrency int = 20

@allowed([
  'off'
  'otel'
])
@description('otel: spans and metrics also go to the OpenTelemetry collector of otlpEndpoint.')
param telemetry string = 'off'

@maxLength(200)
@description('https URL of a collector that takes OTLP over HTTP, without /v1/traces.')
param otlpEndpoint string = ''

@maxLength(200)
@description('https URL of a custom domain, without a trailing slash. Empty: the app\'s own host name.')
param customBaseUrl string = ''

@description('Agents may ask Entra for a token by the MCP endpoint\'s URL. The domain of customBaseUrl has to be verified in the home tenant.')
param registerMcpUrl bool = false

@description('Node.js major version that Azure Functions offers.')
param nodeVersion string = '24'

@allowed([
  512
  2048
  4096
])
param instanceMemoryMB int = 512

@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@minValue(0)
@maxValue(20)
@description('HTTP instances that are kept warm; 0 costs nothing and answers after a cold start.')
param alwaysReadyInstances int = 1

@allowed([
  'Standard_LRS'
  'Standard_ZRS'
])
@description('Three copies in one data centre, or in three where the region has them.')
param storageSku string = 'Standard_LRS'

@description('Storage and vault are reachable through private endpoints only.')
param privateNetwork bool = false

@maxLength(15)
@description('With privateNetwork: the IPv4 address from which hooks write to the vault and to the package\'s account.')
param deployerIp string = ''

@maxLength(200)
@description('Who is mailed when an alert fires. Empty: alerts are only listed in the portal.')
param alertEmail string = ''

@minValue(30)
@maxValue(730)
@description('Days that log lines are kept.')
param logRetentionDays int = 90

@minValue(-1)
@maxValue(1000)
@description('Gigabytes of log a day after which no more is taken in; -1: no cap.')
param logDailyCapGb int = 5

var storage = loadJsonContent('storage.json')
var permissions = loadJsonContent('entra/permissions.json')
var roles = map(split(requiredRoles, ','), role => trim(role))
var optional = filter(map(split(optionalRoles, ','), role => trim(role)), role => !empty(role))
var knownRoles = flatten(map(items(permissions), api => map(items(api.value.roles), role => '${api.key}:${role.key}')))
var unknownRoles = filter(union(roles, optional), role => !contains(knownRoles, role))

// Sentences about parameters that can't work, all at once: the deployment ends with them before anything is made.
var problems = filter(
  [
    empty(unknownRoles)
      ? ''
      : 'requiredRoles, optionalRoles: ${join(unknownRoles, ', ')} is none of ${join(knownRoles, ', ')}.'
    createAppRegistrations || !empty(existingClientId) && !empty(existingApiClientId)
      ? ''
      : 'createAppRegistrations is false: existingClientId and existingApiClientId have to be given.'
    createAppRegistrations && (!empty(existingClientId) || !empty(existingApiClientId))
      ? 'createAppRegistrations is true: existingClientId and existingApiClientId would not be used.'
      : ''
    empty(customBaseUrl) || startsWith(customBaseUrl, 'https://') && !endsWith(customBaseUrl, '/')
      ? ''
      : 'customBaseUrl has to begin with https:// and to end without a slash.'
    registerMcpUrl && empty(customBaseUrl)
      ? 'registerMcpUrl needs a customBaseUrl: Entra takes no azurewebsites.net address.'
      : ''
    registerMcpUrl && !createAppRegistrations ? 'registerMcpUrl needs createAppRegistrations.' : ''
    telemetry == 'otel' && !startsWith(otlpEndpoint, 'https://')
      ? 'telemetry is otel: otlpEndpoint has to be an https:// URL.'
      : ''
    empty(partnerPrivacyUrl) || startsWith(partnerPrivacyUrl, 'https://')
      ? ''
      : 'partnerPrivacyUrl has to begin with https://.'
    empty(partnerTermsUrl) || startsWith(partnerTermsUrl, 'https://')
      ? ''
      : 'partnerTermsUrl has to begin with https://.'
    empty(alertEmail) || contains(alertEmail, '@') ? '' : 'alertEmail has to be a mail address.'
    !empty(deployerIp) && !privateNetwork ? 'deployerIp has no meaning without privateNetwork.' : ''
    logDailyCapGb == 0 ? 'logDailyCapGb of 0 would take in no log at all; -1 is no cap.' : ''
  ],
  problem => !empty(problem)
)
// Everything is in the group, so that nothing is made without its name.
var groupName = empty(problems) ? 'rg-${environmentName}' : fail(join(problems, ' '))

var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }
var appName = 'func-broker-${token}'
var appSuffix = startsWith(cloud, 'gcc-') || cloud == 'dod' ? 'azurewebsites.us' : 'azurewebsites.net'
var publicBaseUrl = empty(customBaseUrl) ? 'https://${appName}.${appSuffix}' : customBaseUrl
var packageContainer = 'deployment'

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: groupName
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: {
    name: 'id-broker-${token}'
    location: location
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    identityPrincipalId: identity.outputs.principalId
    operatorsGroupId: operatorsGroupId
    retentionDays: logRetentionDays
    dailyCapGb: logDailyCapGb
  }
}

// What the app keeps, and what the Functions host needs for itself: locks, keys, timers. Nothing here decides which code runs.
module data 'modules/storage.bicep' = {
  scope: group
  params: {
    name: 'st${token}'
    sku: storageSku
    location: location
    tags: tags
    containers: storage.containers
    queues: storage.queues
    tables: storage.tables
    rights: concat(
      map(
        ['Storage Blob Data Owner', 'Storage Queue Data Contributor', 'Storage Table Data Contributor'],
        role => { role: role, principalId: identity.outputs.principalId, principalType: 'ServicePrincipal' }
      ),
      empty(operatorsGroupId)
        ? []
        : [{ role: 'Storage Queue Data Contributor', principalId: operatorsGroupId, principalType: 'Group' }]
    )
    loggedWrites: 'queues'
    workspaceId: monitoring.outputs.workspaceId
    isPrivate: privateNetwork
  }
}

// Which code runs. The app may read it and nothing else; who deploys may write it.
module package 'modules/storage.bicep' = {
  scope: group
  params: {
    name: 'stpkg${token}'
    sku: storageSku
    location: location
    tags: tags
    containers: [packageContainer]
    rights: concat(
      [
        {
          role: 'Storage Blob Data Reader'
          principalId: identity.outputs.principalId
          principalType: 'ServicePrincipal'
        }
      ],
      empty(principalId)
        ? []
        : [{ role: 'Storage Blob Data Contributor', principalId: principalId, principalType: principalType }]
    )
    keepVersions: true
    loggedWrites: 'blobs'
    workspaceId: monitoring.outputs.workspaceId
    isPrivate: privateNetwork
    allowedIp: deployerIp
  }
}

module vault 'modules/vault.bicep' = {
  scope: group
  params: {
    name: 'kv-${token}'
    location: location
    tags: tags
    identityPrincipalId: identity.outputs.principalId
    deployerPrincipalId: principalId
    deployerPrincipalType: principalType
    workspaceId: monitoring.outputs.workspaceId
    isPrivate: privateNetwork
    deployerIp: deployerIp
  }
}

module network 'modules/network.bicep' = if (privateNetwork) {
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    dataStorageId: data.outputs.id
    packageStorageId: package.outputs.id
    vaultId: vault.outputs.id
  }
}

module registrations 'entra/registrations.bicep' = if (createAppRegistrations) {
  scope: group
  params: {
    registrationKey: empty(registrationKey) ? '${environmentName}-${token}' : registrationKey
    publicBaseUrl: publicBaseUrl
    clientName: partnerAppName
    privacyUrl: partnerPrivacyUrl
    termsUrl: partnerTermsUrl
    supportUrl: startsWith(partnerContact, 'https://') ? partnerContact : ''
    askedRoles: union(roles, optional)
    identityPrincipalId: identity.outputs.principalId
    cloud: cloud
    allowAzureCli: allowAzureCli
    createExampleTool: createExampleTool
    registerMcpUrl: registerMcpUrl
  }
}

var clientId = createAppRegistrations ? registrations!.outputs.clientId : existingClientId
var apiId = createAppRegistrations ? registrations!.outputs.apiClientId : existingApiClientId

module broker 'modules/function-app.bicep' = {
  scope: group
  params: {
    name: appName
    token: token
    location: location
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    blobEndpoint: data.outputs.blobEndpoint
    queueEndpoint: data.outputs.queueEndpoint
    tableEndpoint: data.outputs.tableEndpoint
    packageContainerUrl: '${package.outputs.blobEndpoint}${packageContainer}'
    insightsName: monitoring.outputs.insightsName
    subnetId: privateNetwork ? network!.outputs.appSubnetId : ''
    nodeVersion: nodeVersion
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyInstances: alwaysReadyInstances
    keyVaultUrl: vault.outputs.url
    settings: {
      PARTNER_CLIENT_ID: clientId
      PUBLIC_BASE_URL: publicBaseUrl
      // The id alone: Entra knows api://<id> only where somebody made it an identifier of the registration.
      API_AUDIENCE: apiId
      PARTNER_NAME: partnerName
      PARTNER_CONTACT: partnerContact
      PARTNER_PRIVACY_URL: partnerPrivacyUrl
      PARTNER_APP_NAME: partnerAppName
      ALLOW_AZURE_CLI: allowAzureCli ? 'true' : 'false'
      AGENT_CLIENT_IDS: agentClientIds
      CLIENT_CREDENTIAL: clientCredential
      CLOUD: cloud
      REQUIRED_ROLES: requiredRoles
      OPTIONAL_ROLES: optionalRoles
      INCIDENT_SOURCE: incidentSource
      HUNT_RETENTION_DAYS: string(huntRetentionDays)
      HUNT_CONCURRENCY: string(huntConcurrency)
      TELEMETRY: telemetry
      OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint
    }
  }
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    alertEmail: alertEmail
    packageStorageName: package.outputs.name
    identityPrincipalId: identity.outputs.principalId
    deployerPrincipalId: principalId
  }
}

output AZURE_TENANT_ID string = tenant().tenantId
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_KEY_VAULT_NAME string = vault.outputs.name
output AZURE_FUNCTION_APP_NAME string = broker.outputs.name
output AZURE_DATA_STORAGE_NAME string = data.outputs.name
output AZURE_PACKAGE_STORAGE_NAME string = package.outputs.name
output BROKER_URL string = publicBaseUrl
output BROKER_CLIENT_ID string = clientId
output BROKER_API_CLIENT_ID string = apiId
output EXAMPLE_TOOL_CLIENT_ID string = createAppRegistrations ? registrations!.outputs.toolClientId : ''
