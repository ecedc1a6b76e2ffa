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

@description('Object id of who deploys: may write secrets to the vault. Empty: nobody gets that right here.')
param principalId string = ''

@allowed([
  'User'
  'ServicePrincipal'
])
param principalType string = 'User'

@description('false: the registrations were made in the portal; set partnerClientId and apiClientId.')
param createAppRegistrations bool = true

@description('Also registers an internal tool that may ask for tokens, as a pattern for real ones.')
param createExampleTool bool = true

@description('Application id of the multi-tenant client, where it is not created here.')
param partnerClientId string = ''

@description('Application id of the broker\'s own API, where it is not created here.')
param apiClientId string = ''

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

@description('Your name, as the consent pages show it to customers.')
param partnerName string = ''

@description('E-mail address, phone number or page at which customers reach you.')
param partnerContact string = ''

@description('https URL of your privacy statement.')
param partnerPrivacyUrl string = ''

@description('Name of the multi-tenant client, as customers see it on the consent page.')
param partnerAppName string = 'Defender partner broker'

@allowed([
  'defender-xdr'
  'graph'
])
param incidentSource string = 'defender-xdr'

@allowed([
  'off'
  'otel'
])
@description('otel: spans and metrics also go to the OpenTelemetry collector of otlpEndpoint.')
param telemetry string = 'off'

@description('https URL of a collector that takes OTLP over HTTP, without /v1/traces.')
param otlpEndpoint string = ''

@description('https URL of a custom domain, without a trailing slash. Empty: the app\'s own host name.')
param customBaseUrl string = ''

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

@description('With privateNetwork: the address from which the deployment hook writes to the vault.')
param deployerIp string = ''

@description('Who is mailed when an alert fires. Empty: alerts are only listed in the portal.')
param alertEmail string = ''

var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }
var appName = 'func-broker-${token}'
var appSuffix = startsWith(cloud, 'gcc-') || cloud == 'dod' ? 'azurewebsites.us' : 'azurewebsites.net'
var publicBaseUrl = empty(customBaseUrl) ? 'https://${appName}.${appSuffix}' : customBaseUrl

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${environmentName}'
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
  }
}

module storage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: 'st${token}'
    sku: storageSku
    location: location
    tags: tags
    identityPrincipalId: identity.outputs.principalId
    workspaceId: monitoring.outputs.workspaceId
    isPrivate: privateNetwork
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
    storageId: storage.outputs.id
    vaultId: vault.outputs.id
  }
}

module registrations 'entra/registrations.bicep' = if (createAppRegistrations) {
  scope: group
  params: {
    environmentName: environmentName
    publicBaseUrl: publicBaseUrl
    askedRoles: filter(split('${requiredRoles},${optionalRoles}', ','), role => !empty(trim(role)))
    clientName: partnerAppName
    identityPrincipalId: identity.outputs.principalId
    cloud: cloud
    createExampleTool: createExampleTool
  }
}

var clientId = createAppRegistrations ? registrations!.outputs.clientId : partnerClientId
var apiId = createAppRegistrations ? registrations!.outputs.apiClientId : apiClientId

module broker 'modules/function-app.bicep' = {
  scope: group
  params: {
    name: appName
    token: token
    location: location
    tags: union(tags, { 'azd-service-name': 'broker' })
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageName: storage.outputs.name
    deploymentContainer: storage.outputs.deploymentContainer
    insightsName: monitoring.outputs.insightsName
    subnetId: privateNetwork ? network!.outputs.appSubnetId : ''
    nodeVersion: nodeVersion
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyInstances: alwaysReadyInstances
    publicBaseUrl: publicBaseUrl
    partnerClientId: clientId
    apiAudience: 'api://${apiId}'
    keyVaultUrl: vault.outputs.url
    clientCredential: clientCredential
    cloud: cloud
    requiredRoles: requiredRoles
    optionalRoles: optionalRoles
    partnerName: partnerName
    partnerContact: partnerContact
    partnerPrivacyUrl: partnerPrivacyUrl
    partnerAppName: partnerAppName
    incidentSource: incidentSource
    telemetry: telemetry
    otlpEndpoint: otlpEndpoint
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
  }
}

output AZURE_TENANT_ID string = tenant().tenantId
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_KEY_VAULT_NAME string = vault.outputs.name
output AZURE_FUNCTION_APP_NAME string = broker.outputs.name
output BROKER_URL string = publicBaseUrl
output BROKER_CLIENT_ID string = clientId
output BROKER_API_CLIENT_ID string = apiId
output BROKER_CLIENT_CREDENTIAL string = clientCredential
output EXAMPLE_TOOL_CLIENT_ID string = createAppRegistrations ? registrations!.outputs.toolClientId : ''
