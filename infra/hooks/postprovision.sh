#!/bin/sh
# Puts what the broker needs into Key Vault: the key that seals tokens at rest, the key that signs receipts and, where one
# is used, a client secret. They are made here, pass through files that only this user can read, and are neither printed nor on a command line.
# What the vault already holds stays as it is, so the hook can run again.
set -eu
umask 077

vault=${AZURE_KEY_VAULT_NAME:?is set by azd: run azd hooks run postprovision}
client=${BROKER_CLIENT_ID:?is set by azd: run azd hooks run postprovision}
credential=${BROKER_CLIENT_CREDENTIAL:?is set by azd: run azd hooks run postprovision}
wait=${HOOK_WAIT_SECONDS:-15}
tenant=${AZURE_TENANT_ID:?is set by azd: run azd hooks run postprovision}

signed_in=$(az account show --query tenantId --output tsv) || {
  echo "Sign in first: az login --tenant $tenant" >&2
  exit 1
}
if [ "$signed_in" != "$tenant" ]; then
  echo "az is signed in to another tenant: az login --tenant $tenant" >&2
  exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# A fresh role assignment takes up to some minutes to work.
tries=0
until az keyvault secret list --vault-name "$vault" --query '[].name' --output tsv >"$work/names" 2>"$work/error"; do
  tries=$((tries + 1))
  if [ "$tries" -ge 20 ]; then
    cat "$work/error" >&2
    exit 1
  fi
  echo "Waiting for access to $vault …"
  sleep "$wait"
done

holds() {
  tr -d '\r' <"$work/names" | grep -qx "$1"
}

# in_days <n>: that time from now, with GNU or BSD date.
in_days() {
  date -u -d "+$1 days" +%Y-%m-%dT%H:%M:%SZ 2>/dev/null || date -u -v "+$1d" +%Y-%m-%dT%H:%M:%SZ
}

# put <name> <file> [options]: stores the file's content.
put() {
  name=$1
  file=$2
  shift 2
  [ -s "$file" ] || {
    echo "Nothing was made for $name." >&2
    exit 1
  }
  az keyvault secret set --vault-name "$vault" --name "$name" --file "$file" --encoding utf-8 \
    --output none --only-show-errors "$@"
  rm -f "$file"
  echo "$name: stored in $vault."
}

if holds token-encryption-key; then
  echo "token-encryption-key: already in $vault."
else
  # 32 random bytes in base64url, without padding.
  head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\r\n' >"$work/key"
  put token-encryption-key "$work/key"
fi

if holds receipt-signing-key; then
  echo "receipt-signing-key: already in $vault."
else
  # An EC key of P-256 as PKCS#8 PEM.
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:named_curve \
    -out "$work/receipt-key"
  put receipt-signing-key "$work/receipt-key"
fi

case $credential in
secret)
  if holds partner-client-secret; then
    echo "partner-client-secret: already in $vault."
  else
    end=$(in_days 180)
    az ad app credential reset --id "$client" --append --display-name broker --end-date "$end" \
      --query password --output tsv --only-show-errors >"$work/lines"
    tr -d '\r\n' <"$work/lines" >"$work/secret"
    rm -f "$work/lines"
    put partner-client-secret "$work/secret" --expires "$end"
  fi
  ;;
certificate)
  echo "partner-client-certificate: put it into $vault as docs/deploy.md says."
  ;;
managed-identity)
  echo "No client secret: the managed identity is the credential."
  ;;
*)
  echo "BROKER_CLIENT_CREDENTIAL is not known: $credential" >&2
  exit 1
  ;;
esac
