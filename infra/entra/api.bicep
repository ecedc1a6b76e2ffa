extension microsoftGraphV1

@description('The immutable key by which the registration is found again.')
param uniqueName string

var appRoles = [
  { value: 'Tokens.Issue', description: 'Get customers\' tokens, within the grants of the caller.' }
  { value: 'Tenants.Read', description: 'See every customer and its state.' }
  { value: 'Tenants.Manage', description: 'Invite, verify, disable and offboard customers.' }
  { value: 'Incidents.Read', description: 'Read customers\' incidents, within the grants of the caller.' }
  { value: 'Incidents.Write', description: 'Change customers\' incidents, within the grants of the caller.' }
  { value: 'Policy.Manage', description: 'Say which caller may get which tokens.' }
  { value: 'Audit.Read', description: 'See who received which token.' }
]

resource api 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: uniqueName
  displayName: 'Defender partner broker API'
  signInAudience: 'AzureADMyOrg'
  identifierUris: ['api://${tenant().tenantId}/${uniqueName}']
  api: {
    requestedAccessTokenVersion: 2
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
