import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { repositoryRoot } from '@foodshed/testing';

const apt = pathToFileURL(join(repositoryRoot(), 'tools/infrastructure/apt.mjs')).href;

/** Asks for one small package three times at once in a process of its own; returns what each was answered. */
async function fetchThrice(cache: string): Promise<string[]> {
  const script = `
    const { hasApt, obtainPackages } = await import(${JSON.stringify(apt)});
    const request = { cache: process.argv[1], names: ['hostname'], log: () => undefined };
    const roots = hasApt() ? await Promise.all([1, 2, 3].map(() => obtainPackages(request))) : [];
    console.log(JSON.stringify(roots));`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '--eval',
    script,
    cache,
  ]);
  return JSON.parse(stdout) as string[];
}

describe('packages of the machine', () => {
  it('are fetched whole when several specs and several commands ask for them at once', async () => {
    const cache = mkdtempSync(join(tmpdir(), 'foodshed-packages-'));
    try {
      const roots = (await Promise.all([fetchThrice(cache), fetchThrice(cache)])).flat();
      if (roots.length === 0) return console.log('left out: this machine has no apt');
      expect(roots).toEqual(Array(6).fill(join(cache, 'packages', 'hostname')));
      expect(readdirSync(join(cache, 'packages'))).toEqual(['hostname']);
      expect(readdirSync(join(cache, 'packages', 'hostname'))).toContain('complete');
    } finally {
      rmSync(cache, { recursive: true, force: true });
    }
  }, 300_000);
});
