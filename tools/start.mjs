const NEEDED = [20, 19];

/** `npm start`: from a fresh clone to a running network. */
async function main() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
    console.error(
      `Foodshed needs Node ${NEEDED.join('.')} or later and this is ${process.versions.node}: ` +
        'install a newer one from https://nodejs.org and run the command again.',
    );
    process.exit(1);
  }
  // Older versions of Node could not even read the modules below, so they are loaded after the check.
  const { startEverything } = await import('./start/everything.mjs');
  await startEverything(process.argv.slice(2));
}

void main();
