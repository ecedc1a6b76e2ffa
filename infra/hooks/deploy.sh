#!/bin/sh
# Builds the package, puts it into its account, and lets the app start with it. Who deploys writes that account; the app may only read it,
# which is why the platform's own deployment, in which the app's identity writes, is not used (docs/decisions/0018). It can run again.
set -eu
. "$(dirname "$0")/signed-in.sh"

account=${AZURE_PACKAGE_STORAGE_NAME:?is set by azd: run azd deploy}
app=${AZURE_FUNCTION_APP_NAME:?is set by azd: run azd deploy}
group=${AZURE_RESOURCE_GROUP:?is set by azd: run azd deploy}
wait=${HOOK_WAIT_SECONDS:-15}

npm run --silent package

# try <times> <what it waits for> <command …>: until it succeeds.
try() {
  left=$1
  what=$2
  shift 2
  until said=$("$@" 2>&1); do
    left=$((left - 1))
    if [ "$left" -le 0 ]; then
      printf '%s\n' "$said" >&2
      return 1
    fi
    echo "Waiting for $what …"
    sleep "$wait"
  done
}

# A fresh role assignment takes up to some minutes to work.
try 20 "access to $account" az storage blob upload --account-name "$account" --container-name deployment \
  --name released-package.zip --file deploy.zip --overwrite --auth-mode login --content-type application/zip \
  --output none --only-show-errors
echo "The package is in $account."

az functionapp restart --resource-group "$group" --name "$app" --output none
# Timers and queues are served by instances that the platform starts only for functions that it knows.
try 10 "the platform to read the functions" az rest --method POST --output none \
  --url "/subscriptions/$az_subscription/resourceGroups/$group/providers/Microsoft.Web/sites/$app/syncfunctiontriggers?api-version=2025-03-01"

host=$(az functionapp show --resource-group "$group" --name "$app" --query defaultHostName --output tsv | tr -d '\r')
if try 20 "https://$host" curl --silent --show-error --fail-with-body --max-time 20 "https://$host/api/health"; then
  echo "The broker is up: https://$host"
else
  stop "The broker does not answer as it should. See \"The app does not take the package\" in docs/deploy.md."
fi
