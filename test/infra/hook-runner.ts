import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ROOT } from './project.ts';

export const HOME_TENANT = '11111111-1111-1111-1111-111111111111';
export const SUBSCRIPTION = '22222222-2222-2222-2222-222222222222';
export const VAULT = 'kv-x';
const PERSON = 'ana@fabrikam.example';

/**
 * Plays az, azd, npm and curl, by the name that it is called by, with files for the state of Azure.
 * It writes each call down, and fails on a call that it does not know. After the call with the
 * number $DIE_AFTER it kills the hook that called it.
 */
const TOOLS = `#!/bin/sh
tool=$(basename "$0")
echo "$tool $*" >> "$STAGE/calls"
value() { while [ $# -gt 0 ]; do [ "$1" = "$want" ] && echo "$2"; shift; done; }
option() { want=$1; shift; value "$@"; }
# The first call of its kind fails: roles take minutes to work.
late() { [ -e "$STAGE/$1" ] || { : > "$STAGE/$1"; echo Forbidden >&2; return 1; }; }
answer() {
  case "$tool $*" in
  "az account show"*) [ ! -e "$STAGE/az-signed-out" ] && printf '%s\\n' "$AZ_USER" "$AZ_SUBSCRIPTION" "$AZ_TENANT" ;;
  "azd auth status"*)
    [ ! -e "$STAGE/azd-signed-out" ] && printf '{\\n  "status": "authenticated",\\n  "%s": "%s"\\n}\\n' "$AZD_KIND" "$AZD_USER" ;;
  "az provider list"*) cat "$STAGE/unregistered" ;;
  "az functionapp list-flexconsumption-locations"*) cat "$STAGE/regions" ;;
  "az keyvault list-deleted"*) cat "$STAGE/deleted" ;;
  "az keyvault secret list"*) late vault-tried && ls "$STAGE/vault" ;;
  "az keyvault secret set"*)
    name=$(option --name "$@")
    [ "$name" = "$(cat "$STAGE/refused-secret")" ] && { echo "(Conflict) refused" >&2; return 1; }
    cat "$(option --file "$@")" > "$STAGE/vault/$name" ;;
  "az ad app credential reset"*)
    number=$(($(wc -l < "$STAGE/made") + 1)); echo >> "$STAGE/made"
    echo "key-$number|$(option --display-name "$@")|canary~Password.$number" >> "$STAGE/credentials"
    echo "canary~Password.$number" ;;
  "az ad app credential list"*)
    label=$(option --query "$@" | sed "s/.*'\\(broker [^']*\\)'.*/\\1/")
    grep -F "|$label" "$STAGE/credentials" | cut -d'|' -f1 || : ;;
  "az ad app credential delete"*)
    [ -e "$STAGE/credential-stays" ] && return 1
    grep -v "^$(option --key-id "$@")|" "$STAGE/credentials" > "$STAGE/kept"; mv "$STAGE/kept" "$STAGE/credentials" ;;
  "npm run --silent package") echo "zip of $(cat "$STAGE/version")" > deploy.zip ;;
  "az storage blob upload"*) late storage-tried && cat "$(option --file "$@")" > "$STAGE/package" ;;
  "az functionapp restart"*) cp "$STAGE/package" "$STAGE/running" ;;
  "az rest"*) echo synced > "$STAGE/synced" ;;
  "az functionapp show"*) echo func-x.azurewebsites.net ;;
  "curl "*) late app-tried && cat "$STAGE/health" && [ "$(cat "$STAGE/health")" = '{"status":"up"}' ] ;;
  *) echo "unexpected: $tool $*" >&2; return 2 ;;
  esac
}
answer "$@"
status=$?
[ "$(wc -l < "$STAGE/calls")" -eq "\${DIE_AFTER:-0}" ] && kill -9 0
exit $status
`;

/** What a hook said, and whether it failed. */
interface HookResult {
  readonly failed: boolean;
  readonly output: string;
}

/** A stage with stubs of the tools, and a way to run a hook of infra/hooks on it. */
export async function setUpHook(hook: string) {
  const stage = await mkdtemp(join(tmpdir(), 'hook-'));
  onTestFinished(() => rm(stage, { recursive: true, force: true }));
  for (const folder of ['bin', 'vault', 'tmp']) await mkdir(join(stage, folder));
  const set = (name: string, content: string) => writeFile(join(stage, name), content);
  const state = ['calls', 'made', 'credentials', 'unregistered', 'deleted', 'refused-secret'];
  for (const name of state) await set(name, '');
  await set('regions', 'northeurope\nwesteurope\n');
  await set('health', '{"status":"up"}');
  await set('version', '1');
  await set('bin/tools', TOOLS);
  await chmod(join(stage, 'bin/tools'), 0o755);
  for (const name of ['az', 'azd', 'npm', 'curl']) await symlink('tools', join(stage, 'bin', name));
  const run = (env: Readonly<Record<string, string>> = {}) =>
    runHook(join(ROOT, 'infra/hooks', hook), stage, env);
  const read = (name: string) => readFile(join(stage, name), 'utf8');
  const list = (name: string) => readdir(join(stage, name));
  const remove = (name: string) => rm(join(stage, name));
  return { run, read, list, set, remove };
}

/** In a process group of its own, so that a stub can kill all of the hook. */
function runHook(path: string, stage: string, env: Readonly<Record<string, string>>) {
  const child = spawn('sh', [path], {
    cwd: stage,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...ENVIRONMENT, ...toStageEnvironment(stage), ...env },
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  return new Promise<HookResult>((resolve) => {
    child.on('close', (code) => resolve({ failed: code !== 0, output }));
  });
}

function toStageEnvironment(stage: string) {
  const path = `${join(stage, 'bin')}:/usr/local/bin:/usr/bin:/bin`;
  return { PATH: path, STAGE: stage, TMPDIR: join(stage, 'tmp') };
}

const ENVIRONMENT = {
  HOOK_WAIT_SECONDS: '0',
  AZ_USER: PERSON,
  AZ_SUBSCRIPTION: SUBSCRIPTION,
  AZ_TENANT: HOME_TENANT,
  AZD_KIND: 'email',
  AZD_USER: PERSON,
  AZURE_ENV_NAME: 'production',
  AZURE_LOCATION: 'westeurope',
  AZURE_SUBSCRIPTION_ID: SUBSCRIPTION,
  AZURE_TENANT_ID: HOME_TENANT,
  AZURE_KEY_VAULT_NAME: VAULT,
  AZURE_RESOURCE_GROUP: 'rg-production',
  AZURE_FUNCTION_APP_NAME: 'func-x',
  AZURE_PACKAGE_STORAGE_NAME: 'stpkgx',
  BROKER_CLIENT_ID: 'client-x',
};
