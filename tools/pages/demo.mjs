import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { homeFolder, readJson, readRunning, ROOT } from '../infrastructure/state.mjs';
import { obtainChromium } from '../start/chromium.mjs';
import { Looking } from './looking.mjs';

const ROLES = {
  buyer: 'Buyer',
  hub: 'Hub manager',
  producer: 'Producer',
  developer: 'Developer',
  steward: 'Steward',
  operator: 'Operator',
};

/**
 * Lets `look` look at the demo network's pages in Chromium: at the one that runs (or GATEWAY_URL), else at one that is
 * started meanwhile.
 * @param {(looking: Looking) => Promise<void>} look
 */
export async function lookAtDemo(look) {
  const home = homeFolder();
  const running = process.env.GATEWAY_URL ?? readRunning(home)?.url;
  const started = running ? undefined : await startDemo();
  const executablePath = await obtainChromium(console.log);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const { signIns, networks } = readJson(join(home, 'demo.json'));
    const people = Object.fromEntries(
      Object.entries(ROLES).map(([who, role]) => [who, signIns.find((signIn) => signIn.role === role)]),
    );
    const url = running ?? readRunning(home).url;
    const looking = new Looking({ browser, url, instance: networks[0].slug, people });
    await looking.begin();
    await look(looking);
  } finally {
    await browser.close();
    started?.kill('SIGINT');
  }
}

/** Starts the demo network and waits until it is ready. */
async function startDemo() {
  const child = spawn(process.execPath, [join(ROOT, 'tools/start.mjs')], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve, reject) => {
    child.stdout.on('data', (text) => {
      process.stdout.write(text);
      if (String(text).includes('Foodshed is ready')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`npm start ended with ${code}.`)));
  });
  return child;
}
