import { randomUUID } from 'node:crypto';
import {
  ordersEvents,
  type DeadLetterView,
  type OperationsView,
  type ReconciliationView,
} from '@foodshed/contracts';
import { eventually, sharedSystem, type RunningSystem } from '@foodshed/testing';
import { Client } from 'pg';
import { Marketplace } from './marketplace.js';

let system: RunningSystem;
let network: Marketplace;
beforeAll(async () => {
  system = await sharedSystem();
  network = await Marketplace.make(system);
}, 240_000);

/** Runs SQL with all rights, as nobody in the system can. */
async function inDatabase(sql: string, params: unknown[]): Promise<void> {
  const client = new Client({ connectionString: system.facts.postgresUrl });
  await client.connect();
  try {
    await client.query(sql, params);
  } finally {
    await client.end();
  }
}

describe('An operator', () => {
  it('sees every service ready, what waits to be published, and who listens to whom', async () => {
    const seen = await network.operator.get<OperationsView>('/system/operations');
    expect(seen.services.filter(({ isReady }) => !isReady)).toEqual([]);
    for (const { service, outbox, faults } of seen.services) {
      expect(faults).toEqual({});
      if (service === 'gateway') expect(outbox).toBeNull();
      else expect(outbox!.pending).toBeGreaterThanOrEqual(0);
    }
    expect(seen.consumers.map(({ consumer }) => consumer)).toContain('ledger--commission-events-split-v1');
  });

  it('puts back what could not be handled, through the service that it is of', async () => {
    const eventId = randomUUID();
    const data = {
      cycleId: randomUUID(),
      hubId: randomUUID(),
      state: 'ajar',
      changedAt: new Date().toISOString(),
    };
    await inDatabase(
      `with added as (insert into orders.outbox (id, instance_id, subject, payload, occurred_at)
                      values ($1, $2, $3, $4, now()) returning id)
       insert into orders.outbox_pending select id from added`,
      [eventId, network.instanceId, ordersEvents.cycleChanged.subject, JSON.stringify(data)],
    );
    const ours = async () => {
      const { items } = await network.operator.get<{ items: DeadLetterView[] }>(
        '/system/dead-letters?limit=200',
      );
      return items.find(({ event }) => event.id === eventId);
    };
    const letter = await eventually(async () => {
      const found = await ours();
      expect(found).toMatchObject({ service: 'admin', code: 'invalid-input', fields: [{ path: 'state' }] });
      return found!;
    });
    const replay = `/system/dead-letters/${letter.sequence}/replay`;
    await inDatabase('update orders.outbox set payload = $2 where id = $1', [
      eventId,
      JSON.stringify({ ...data, state: 'open' }),
    ]);
    expect(await network.operator.post(replay)).toEqual({ eventId });
    expect(await ours()).toBeUndefined();
    expect((await network.operator.send('POST', replay, { body: {} })).status).toBe(404);
    const { items } = await network.operator.get<{ items: { action: string; actorName: string | null }[] }>(
      `/audit?objectId=${eventId}`,
    );
    expect(items).toMatchObject([
      { action: 'dead-letter-replayed', actorName: expect.any(String) as string },
    ]);
  }, 30_000);

  it('has the books of every network compared, once at a time, and sees what came of it', async () => {
    const [first, second] = [
      await network.operator.post<ReconciliationView>('/system/reconciliations'),
      await network.operator.post<ReconciliationView>('/system/reconciliations'),
    ];
    expect([first.state, second.state]).toEqual(['running', 'running']);
    const done = await eventually(
      async () => {
        const { items } = await network.operator.get<{ items: ReconciliationView[] }>(
          '/system/reconciliations',
        );
        const found = items.find(({ reconciliationId }) => reconciliationId === first.reconciliationId)!;
        expect(found.state).not.toBe('running');
        return found;
      },
      { timeoutMs: 60_000, intervalMs: 500 },
    );
    // Other suites sell meanwhile: what counts is that their networks are among those that were compared.
    expect(['agrees', 'differs']).toContain(done.state);
    expect(done.results).toHaveLength(done.instances);
    expect(done.results.find(({ instanceId }) => instanceId === network.instanceId)).toMatchObject({
      differences: 0,
    });
  }, 90_000);
});
