#!/bin/sh
# Looks at what would end a deployment half-way, before anything is made: who is signed in, the subscription's resource providers, the
# region, and a vault of the same name that an earlier deployment left behind. It changes nothing.
set -eu
. "$(dirname "$0")/signed-in.sh"

environment=${AZURE_ENV_NAME:?is set by azd: run azd provision}
location=${AZURE_LOCATION:-}

# What this az or this person can't look at is left to the deployment itself.
unregistered=$(az provider list --query "[?registrationState!='Registered'].namespace" --output tsv 2>/dev/null | tr -d '\r') || unregistered=
missing=
for name in App Web Storage KeyVault ManagedIdentity OperationalInsights Insights Network; do
  if printf '%s\n' "$unregistered" | grep -qix "Microsoft.$name"; then
    missing="$missing $name"
  fi
done
if [ -n "$missing" ]; then
  echo "The subscription lacks resource providers. Run:" >&2
  for name in $missing; do
    echo "  az provider register --namespace Microsoft.$name --wait" >&2
  done
  exit 1
fi

# Without a region azd asks for one later.
[ -n "$location" ] || exit 0

regions=$(az functionapp list-flexconsumption-locations --query '[].name' --output tsv 2>/dev/null | tr -d '\r ') || regions=
if [ -n "$regions" ] && ! printf '%s\n' "$regions" | grep -qix "$location"; then
  echo "Flex Consumption is not offered in $location. Take one of these: azd env set AZURE_LOCATION <region>" >&2
  printf '%s\n' "$regions" | sed 's/^/  /' >&2
  exit 1
fi

# Its name comes from subscription, environment and region: another one is not in the way.
deleted=$(az keyvault list-deleted --resource-type vault \
  --query "[?properties.tags.\"azd-env-name\"=='$environment' && properties.location=='$location'].name" \
  --output tsv 2>/dev/null | tr -d '\r' | sed -n 1p) || deleted=
if [ -n "$deleted" ]; then
  echo "The vault $deleted of an earlier deployment of $environment is soft-deleted and keeps its name. Bring it back, with its keys:" >&2
  echo "  az group create --name rg-$environment --location $location --tags azd-env-name=$environment" >&2
  echo "  az keyvault recover --name $deleted --location $location" >&2
  exit 1
fi
