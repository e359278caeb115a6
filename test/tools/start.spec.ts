import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '@foodshed/testing';

describe('npm start, when it cannot', () => {
  let home: string;

  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'foodshed-start-'));
  });

  afterAll(() => rmSync(home, { recursive: true, force: true }));

  const start = (options: { args?: string[]; node?: string[]; env?: Record<string, string> }) =>
    new Promise<{ code: number; lastLine: string }>((resolve) => {
      const args = [
        ...(options.node ?? []),
        join(repositoryRoot(), 'tools/start.mjs'),
        ...(options.args ?? []),
      ];
      const env = { HOME: home, FOODSHED_HOME: home, ...options.env };
      execFile(process.execPath, args, { env, timeout: 15_000 }, (error, stdout, stderr) => {
        const lines = (stdout + stderr).trim().split('\n');
        resolve({ code: Number(error?.code ?? 0), lastLine: lines.at(-1) ?? '' });
      });
    });

  it('says what to do when the port that was asked for is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { code, lastLine } = await start({ env: { PORT: String(port) } });
    await new Promise((resolve) => server.close(resolve));
    expect({ code, lastLine }).toEqual({
      code: 1,
      lastLine: `Port ${port} is taken: free it, or leave PORT unset so that a free one is chosen.`,
    });
  });

  it('says what to do when the port is none', async () => {
    const { code, lastLine } = await start({ env: { PORT: 'four' } });
    expect(code).toBe(1);
    expect(lastLine).toMatch(/^PORT=four is not a port: set it to a number/);
  });

  it('says what to do when Node is too old', async () => {
    const file = join(home, 'old-node.cjs');
    writeFileSync(file, `Object.defineProperty(process, 'versions', { value: { node: '18.20.1' } });`);
    const { code, lastLine } = await start({ node: ['--require', file] });
    expect(code).toBe(1);
    expect(lastLine).toMatch(/^Foodshed needs Node 20.19 or later and this is 18.20.1: install a newer one/);
  });

  it('names an option that it does not know', async () => {
    const { code, lastLine } = await start({ args: ['--frehs'] });
    expect(code).toBe(1);
    expect(lastLine).toBe('--frehs is not an option: use --fresh, --docker, or none.');
  });

  it('says where it runs when it runs already', async () => {
    writeFileSync(
      join(home, 'running.json'),
      JSON.stringify({ pid: process.pid, url: 'http://127.0.0.1:4100' }),
    );
    const { code, lastLine } = await start({});
    rmSync(join(home, 'running.json'));
    expect(code).toBe(1);
    expect(lastLine).toMatch(
      /^Foodshed already runs here at http:\/\/127\.0\.0\.1:4100: use that one, or stop it/,
    );
  });

  it('says that the disk is full when there is no room', async () => {
    const file = join(home, 'full-disk.cjs');
    writeFileSync(
      file,
      `require('node:fs').statfsSync = () => ({ bavail: 1, bsize: 4096 }); require('node:module').syncBuiltinESMExports();`,
    );
    const { code, lastLine } = await start({ node: ['--require', file] });
    expect(code).toBe(1);
    expect(lastLine).toMatch(/^The disk is full: free some space/);
  });
});
