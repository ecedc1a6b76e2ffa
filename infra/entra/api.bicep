extension microsoftGraphV1

@description('The immutable key by which the registration is found again.')
param uniqueName string
@description('Application id of the client that signs operators in at the console.')
param consoleClientId string
@description('Operators may call the API with the Azure CLI\'s token.')
param allowAzureCli bool
@description('URL of the MCP endpoint as a further identifier; its host has to be a verified domain of the home tenant. Empty: none.')
param mcpUrl string

var appRoles = [
  { value: 'Tokens.Issue', description: 'Get customers\' tokens, within the grants of the caller.' }
  { value: 'Tenants.Read', description: 'See every customer and its state.' }
  { value: 'Tenants.Manage', description: 'Invite, verify, disable and offboard customers.' }
  { value: 'Incidents.Read', description: 'Read customers\' incidents, within the grants of the caller.' }
  { value: 'Incidents.Write', description: 'Change customers\' incidents, within the grants of the caller.' }
  { value: 'Policy.Manage', description: 'Say which caller may get which tokens.' }
  { value: 'Audit.Read', description: 'See who received which token.' }
  { value: 'Apis.Call', description: 'Call customers\' APIs through the proxy, within the grants of the caller.' }
  { value: 'Hunting.Run', description: 'Hunt at customers, within the grants of the caller.' }
]

var azureCli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46'
var scopeId = guid(tenant().tenantId, uniqueName, 'user_impersonation')

resource api 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: uniqueName
  displayName: 'Defender partner broker API'
  signInAudience: 'AzureADMyOrg'
  identifierUris: concat(['api://${tenant().tenantId}/${uniqueName}'], empty(mcpUrl) ? [] : [mcpUrl])
  // Tokens say `idtyp: app` when no person stands behind them.
  optionalClaims: {
    accessToken: [{ name: 'idtyp' }]
  }
  api: {
    requestedAccessTokenVersion: 2
    // What a person may do is in the person's app roles, not in the scope.
    oauth2PermissionScopes: [
      {
        id: scopeId
        value: 'user_impersonation'
        type: 'Admin'
        adminConsentDisplayName: 'Use the broker as the signed-in operator'
        adminConsentDescription: 'Lets a tool act as the signed-in operator, within the operator\'s app roles.'
        isEnabled: true
      }
    ]
    // Asking for the scope in the client's own registration would put it on the page that customers consent to.
    preAuthorizedApplications: map(union([consoleClientId], allowAzureCli ? [azureCli] : []), appId => {
      appId: appId
      delegatedPermissionIds: [scopeId]
    })
  }
  appRoles: [
    for role in appRoles: {
      id: guid(tenant().tenantId, uniqueName, role.value)
      value: role.value
      displayName: role.value
      description: role.description
      allowedMemberTypes: ['Application', 'User']
      isEnabled: true
    }
  ]
}

// Who holds no app role gets no token at all.
resource principal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: api.appId
  appRoleAssignmentRequired: true
}

output clientId string = api.appId
output principalId string = principal.id
output appRoleIds object = toObject(
  appRoles,
  role => role.value,
  role => guid(tenant().tenantId, uniqueName, role.value)
)
