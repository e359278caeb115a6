import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { restoreBackup } from './backup/restore-backup.mjs';
import { Failure, reportFailure } from './infrastructure/failure.mjs';
import { homeFolder, readRunning } from './infrastructure/state.mjs';

/** `npm run restore -- folder`: puts a backup in place of the data of this clone, which is kept aside. */
async function main([source]) {
  if (!source) throw new Failure('Name the folder of a backup: npm run restore -- .foodshed/backups/<name>.');
  const folder = resolve(source);
  if (!existsSync(folder))
    throw new Failure(`There is no backup at ${folder}: name the folder that \`npm run backup\` printed.`);
  const home = homeFolder();
  if (readRunning(home))
    throw new Failure('Foodshed is running here: stop it with Ctrl-C in its terminal first.');
  const { manifest, aside } = await restoreBackup({ home, folder, log: console.log });
  for (const head of manifest.ledgerHeads)
    console.log(`ledger ${head.instanceId}: batch ${head.batch}, head ${head.hash}`);
  if (aside) console.log(`What was here before is in ${aside}`);
  console.log(`Restored the backup of ${manifest.takenAt}: run \`npm start\`.`);
}

main(process.argv.slice(2)).catch((error) => {
  process.exitCode = reportFailure(error);
});
