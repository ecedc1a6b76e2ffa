@description('What tells this deployment\'s registrations from those of others in the same directory.')
param registrationKey string
param publicBaseUrl string
param clientName string
param privacyUrl string
param termsUrl string
param supportUrl string
param askedRoles string[]
param identityPrincipalId string
param cloud string
param allowAzureCli bool
param createExampleTool bool
@description('The API is also known by the URL of its MCP endpoint.')
param registerMcpUrl bool

var prefix = 'defender-broker-${registrationKey}'

module client 'client.bicep' = {
  params: {
    uniqueName: '${prefix}-client'
    displayName: clientName
    redirectUris: ['${publicBaseUrl}/api/consent/callback', '${publicBaseUrl}/auth/callback']
    privacyUrl: privacyUrl
    termsUrl: termsUrl
    supportUrl: supportUrl
    askedRoles: askedRoles
    identityPrincipalId: identityPrincipalId
    cloud: cloud
  }
}

module api 'api.bicep' = {
  params: {
    uniqueName: '${prefix}-api'
    consoleClientId: client.outputs.clientId
    allowAzureCli: allowAzureCli
    mcpUrl: registerMcpUrl ? '${publicBaseUrl}/api/mcp' : ''
  }
}

module tool 'tool.bicep' = if (createExampleTool) {
  params: {
    uniqueName: '${prefix}-example-tool'
    apiPrincipalId: api.outputs.principalId
    appRoleIds: [api.outputs.appRoleIds['Tokens.Issue']]
  }
}

output clientId string = client.outputs.clientId
output apiClientId string = api.outputs.clientId
output toolClientId string = createExampleTool ? tool!.outputs.clientId : ''
