#!/usr/bin/env node
// `npx foodshed`: runs on files as they are, after a build. A committed file, so that npm can link it before the build.
import { existsSync } from 'node:fs';

const program = new URL('dist/command/foodshed.main.js', import.meta.url);
if (existsSync(program)) {
  await import(program.href);
} else {
  console.error('Foodshed is not built: run `npm run build` first.');
  process.exitCode = 1;
}
