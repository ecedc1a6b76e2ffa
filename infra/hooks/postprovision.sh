#!/bin/sh
# Puts what the broker needs into Key Vault: the key that seals tokens at rest, the key that signs receipts and, where one is used, a
# client secret. They are made here, pass through files that only this user can read, and are neither printed nor on a command line.
# What the vault already holds stays as it is. A run that died anywhere is completed by the next one: azd hooks run postprovision
set -eu
umask 077
. "$(dirname "$0")/signed-in.sh"

# azd runs this hook after `azd provision --preview` too, which has made nothing.
if [ -z "${AZURE_KEY_VAULT_NAME:-}" ]; then
  echo "Nothing is provisioned yet: there is no vault to put keys into."
  exit 0
fi
vault=$AZURE_KEY_VAULT_NAME
client=${BROKER_CLIENT_ID:?is set by azd: run azd hooks run postprovision}
credential=${BROKER_CLIENT_CREDENTIAL:-secret}
wait=${HOOK_WAIT_SECONDS:-15}

work=$(mktemp -d)
# Key id of a client secret that is on the registration and not yet in the vault.
unstored=
clean_up() {
  rm -rf "$work"
  [ -z "$unstored" ] || remove_credential "$unstored"
}
trap clean_up EXIT
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
  [ -s "$file" ] || stop "Nothing was made for $name."
  az keyvault secret set --vault-name "$vault" --name "$name" --file "$file" --encoding utf-8 \
    --output none --only-show-errors "$@" ||
    stop "$name could not be stored in $vault. If it is soft-deleted: az keyvault secret recover --vault-name $vault --name $name"
  rm -f "$file"
  echo "$name: stored in $vault."
}

remove_credential() {
  if az ad app credential delete --id "$client" --key-id "$1" --only-show-errors; then
    echo "The client secret $1 is in no vault and was removed from the registration $client." >&2
  else
    echo "The client secret $1 is in no vault. Remove it: az ad app credential delete --id $client --key-id $1" >&2
  fi
}

# find_credentials <condition>: key ids of the registration's secrets that fulfil it.
find_credentials() {
  az ad app credential list --id "$client" --query "[?$1].keyId" --output tsv | tr -d '\r'
}

# Secrets carry this vault's name. While the vault holds none, those on the registration are of runs that died.
make_client_secret() {
  for key in $(find_credentials "starts_with(displayName || '', 'broker $vault ')"); do
    remove_credential "$key"
  done
  end=$(in_days 180)
  label="broker $vault $(date -u +%Y%m%dT%H%M%SZ)"
  az ad app credential reset --id "$client" --append --display-name "$label" --end-date "$end" \
    --query password --output tsv --only-show-errors >"$work/lines"
  unstored=$(find_credentials "displayName=='$label'")
  tr -d '\r\n' <"$work/lines" >"$work/secret"
  rm -f "$work/lines"
  put partner-client-secret "$work/secret" --expires "$end" --tags "key-id=$unstored"
  unstored=
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
    make_client_secret
  fi
  ;;
certificate)
  echo "partner-client-certificate: put it into $vault as docs/deploy.md says."
  ;;
managed-identity)
  echo "No client secret: the managed identity is the credential."
  ;;
*)
  stop "BROKER_CLIENT_CREDENTIAL is not known: $credential"
  ;;
esac
