// Loaded before a script's own file, by whatever Node there is: it has to be old JavaScript.
'use strict';

const NEEDED = 24;

if (Number(process.versions.node.split('.')[0]) < NEEDED) {
  process.stderr.write(
    'This needs Node 24, which `npm ci` puts into node_modules unless scripts are ignored: run ' +
      '`npm rebuild node --ignore-scripts=false`, then try again.\n',
  );
  process.exit(1);
}
