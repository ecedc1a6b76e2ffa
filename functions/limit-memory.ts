/**
 * The setting with which the host starts the worker's Node.js; the deployment sets it on instances
 * with 512 MB.
 */
const ARGUMENTS_SETTING = 'languageWorkers__node__arguments';

/**
 * Keeps V8's space for new objects small when the setting asks for it and the process runs without
 * it: an instance that was started before it got this app ignores the setting. V8 takes no limit of
 * the whole heap any more at this time.
 */
export function limitMemory(
  env: Readonly<Record<string, string | undefined>>,
  execArgv: readonly string[],
): void {
  const asked = (env[ARGUMENTS_SETTING] ?? '').split(' ').filter((argument) => argument !== '');
  if (asked.every((argument) => execArgv.includes(argument))) return;
  // Loaded only here: it takes a tenth of the time in which the whole entry loads.
  process.getBuiltinModule('node:v8').setFlagsFromString('--semi-space-growth-factor=1');
}
