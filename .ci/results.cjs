// Reads vitest's JSON reports, of which a later one replaces what earlier ones say of a file.
// `failed` lists the files that failed, one a line; `count` says how many tests did what.
const { readFileSync } = require('node:fs');

const [command, ...reports] = process.argv.slice(2);
const files = new Map();
for (const report of reports) {
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  for (const result of testResults) files.set(result.name, result);
}
const results = [...files.values()];
const count = (...statuses) =>
  results
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => statuses.includes(status)).length;

if (command === 'failed') {
  for (const { name, status } of results)
    if (status === 'failed') process.stdout.write(`${name}\n`);
} else {
  const [passed, failed] = [count('passed'), count('failed')];
  const skipped = count('pending', 'skipped', 'todo', 'disabled');
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
}
