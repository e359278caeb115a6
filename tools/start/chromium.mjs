import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasApt, libraryEnvironment, obtainPackages } from '../infrastructure/apt.mjs';
import { Failure } from '../infrastructure/failure.mjs';
import { findProgram, run } from '../infrastructure/run.mjs';
import { CACHE } from '../infrastructure/state.mjs';
import { step } from './progress.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_PLACES = ['Google Chrome', 'Chromium'].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);

/**
 * Returns the path of a browser for the page tests: CHROME_BIN, one on this machine, or Debian's, installed by
 * root and unpacked under `.foodshed` by others. Undefined where none can be had.
 */
export async function obtainChromium(log) {
  const found = [process.env.CHROME_BIN, ...NAMES.map(findProgram), ...MAC_PLACES].filter(Boolean);
  for (const path of found) if (await runs(path)) return path;
  if (!hasApt()) return undefined;
  return step('Fetching Chromium for the browser tests', async () => {
    if (process.getuid?.() === 0) {
      const installed = await installChromium();
      if (installed) return installed;
    }
    return unpackChromium(log);
  });
}

async function runs(path) {
  return (
    existsSync(path) && (await run(path, ['--version', '--no-sandbox'], { timeoutMs: 20_000 })).code === 0
  );
}

async function installChromium() {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () =>
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { env });
  let result = await install();
  if (result.code !== 0) {
    await run('apt-get', ['update', '-qq'], { env });
    result = await install();
  }
  const path = findProgram('chromium');
  return result.code === 0 && path && (await runs(path)) ? path : undefined;
}

/** Debian's own starter has fixed paths in it, so the unpacked browser gets one of its own. */
async function unpackChromium(log) {
  try {
    const root = await obtainPackages({ cache: CACHE, names: ['chromium'], log });
    const fonts = join(root, 'fonts.conf');
    const folders = [join(root, 'usr/share/fonts'), '/usr/share/fonts'].map(
      (folder) => `<dir>${folder}</dir>`,
    );
    writeFileSync(
      fonts,
      `<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>${folders.join('')}` +
        `<cachedir>${join(root, 'font-cache')}</cachedir></fontconfig>\n`,
    );
    const { LD_LIBRARY_PATH } = await libraryEnvironment(root);
    const starter = join(root, 'chromium');
    const lines = [
      '#!/bin/sh',
      `export LD_LIBRARY_PATH='${LD_LIBRARY_PATH}' FONTCONFIG_FILE='${fonts}'`,
      `exec '${join(root, 'usr/lib/chromium/chromium')}' "$@"`,
    ];
    writeFileSync(starter, `${lines.join('\n')}\n`);
    chmodSync(starter, 0o755);
    return (await runs(starter)) ? starter : undefined;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    log(error.message);
    return undefined;
  }
}
