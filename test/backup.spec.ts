import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually, type RunningSystem, sharedSystem, startSystem } from '@foodshed/testing';
import { mainSetting, type Setting } from './main-job.js';
import { describeMainJob } from './main-job.suite.js';

interface Manifest {
  readonly ledgerHeads: readonly { instanceId: string; batch: number; hash: string }[];
}

describe('a backup of a running system', () => {
  const folder = mkdtempSync(join(tmpdir(), 'foodshed-backup-'));
  const backup = join(folder, 'backup');
  let system: RunningSystem;
  let restored: RunningSystem | undefined;
  let at: Setting;

  const sell = async () => {
    const buyer = await at.network.person('Buyer');
    const placed = await at.network.order(buyer.client, at.hub.cycle, { Carrots: 1, Bread: 1 });
    await at.network.pay(at.hub.manager.client, placed);
    const posted = async () => Object.keys(await at.network.orderBalances(placed.orderId)).length > 0;
    await eventually(posted, { timeoutMs: 30_000 });
  };

  beforeAll(async () => {
    system = await sharedSystem();
    at = await mainSetting(system);
    await sell();
  }, 240_000);

  afterAll(async () => {
    await restored?.end();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it('brings back the same ledger, whatever was sold after it', async () => {
    const taken = await system.runTool('backup.mjs', [backup]);
    expect(taken).toMatchObject({ code: 0 });
    await sell();
    const { ledgerHeads } = JSON.parse(readFileSync(join(backup, 'manifest.json'), 'utf8')) as Manifest;
    const ours = ledgerHeads.find(({ instanceId }) => instanceId === at.network.instanceId);
    expect(ours?.batch).toBeGreaterThan(0);

    restored = await startSystem({ backup });
    const heads = ledgerHeads.map(({ instanceId, batch, hash }) => `${instanceId}:${batch}:${hash}`);
    const verified = await restored.runCommand('ledger', ['verify', ...heads]);
    expect(verified).toMatchObject({ code: 0 });
    for (const head of heads) expect(verified.output).toContain(head);
  }, 240_000);

  it('holds orders and ledger that agree', async () => {
    const result = await restored?.runCommand('admin', ['reconcile']);
    expect(result?.output).toMatch(/Ledger, orders, gifts and pledges agree/);
  }, 60_000);

  it('is upgraded from the previous migration with its data in it', async () => {
    await restored!.stop('orders');
    const { stdout } = await promisify(execFile)(process.execPath, [
      'test/undo-migration.mjs',
      restored!.facts.postgresUrl,
    ]);
    expect(stdout).toMatch(/was undone with [1-9]\d* orders/);
    const migrated = await restored!.runTool('migrate.mjs');
    expect(migrated).toMatchObject({ code: 0 });
    await restored!.resume('orders');
  }, 120_000);

  describeMainJob('and then does the main job', () => Promise.resolve(restored!));
});
