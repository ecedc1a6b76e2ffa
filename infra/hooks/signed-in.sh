# shellcheck shell=sh
# The other hooks begin with this file. It ends them with a sentence, before they make anything, unless az and azd are both signed in, as
# the same person or application, and az works on the subscription and the directory that azd deploys to.

stop() {
  echo "$*" >&2
  exit 1
}

lower_case() {
  printf '%s' "$1" | tr '[:upper:]' '[:lower:]'
}

command -v az >/dev/null || stop "The Azure CLI is not installed: https://aka.ms/azcli"

account=$(az account show --query '[user.name, id, tenantId]' --output tsv 2>/dev/null) || stop "Sign in first: az login"
az_user=$(printf '%s\n' "$account" | tr -d '\r' | sed -n 1p)
az_subscription=$(printf '%s\n' "$account" | tr -d '\r' | sed -n 2p)
az_tenant=$(printf '%s\n' "$account" | tr -d '\r' | sed -n 3p)

if [ -n "${AZURE_SUBSCRIPTION_ID:-}" ] && [ "$az_subscription" != "$AZURE_SUBSCRIPTION_ID" ]; then
  stop "az works on subscription $az_subscription, azd on $AZURE_SUBSCRIPTION_ID. Run: az account set --subscription $AZURE_SUBSCRIPTION_ID" \
    "(if az does not know it: az login --tenant <its directory> first)"
fi
if [ -n "${AZURE_TENANT_ID:-}" ] && [ "$az_tenant" != "$AZURE_TENANT_ID" ]; then
  stop "az is signed in to directory $az_tenant, the broker is in $AZURE_TENANT_ID. Run: az login --tenant $AZURE_TENANT_ID"
fi

# Who deploys the template without azd runs the hooks by hand.
command -v azd >/dev/null || return 0

status=$(azd auth status --output json --no-prompt 2>/dev/null) || stop "Sign in first: azd auth login --tenant-id $az_tenant"
azd_user=$(printf '%s' "$status" | tr -d '\r\n' | sed -nE 's/.*"(email|clientId)": *"([^"]*)".*/\2/p')
# Empty: azd has no login of its own and uses az's.
if [ -n "$azd_user" ] && [ "$(lower_case "$azd_user")" != "$(lower_case "$az_user")" ]; then
  stop "az is signed in as $az_user, azd as $azd_user: only one of them would get the rights that the other needs." \
    "Run: azd auth login --tenant-id $az_tenant, or az login --tenant $az_tenant"
fi
