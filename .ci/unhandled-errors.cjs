// A reporter of vitest: writes the file that UNHANDLED_ERRORS names when an error belonged to no test.
const { writeFileSync } = require('node:fs');

module.exports = class {
  onTestRunEnd(_modules, errors) {
    const lines = errors.map(({ message }) => `${message}\n`);
    // biome-ignore lint/style/noProcessEnv: a reporter on the command line has no other parameters.
    if (lines.length > 0) writeFileSync(process.env.UNHANDLED_ERRORS, lines.join(''));
  }
};
