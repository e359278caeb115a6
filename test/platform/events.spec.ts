import { jetstream } from '@nats-io/jetstream';
import {
  ALL_INSTANCES,
  Bus,
  createLogger,
  Database,
  listDeadLetters,
  managerOf,
  newId,
  Outbox,
  replayDeadLetter,
  removeOldRows,
  republish,
  rowsOf,
  streamOf,
  type RunningService,
} from '@foodshed/platform';
import { eventually, testNats, type TestDatabase, type TestNats } from '@foodshed/testing';
import {
  consumerBehaviour,
  instance,
  sampleDatabase,
  startListener,
  startMaker,
  thingMade,
} from './sample.js';

describe('An event', () => {
  let nats: TestNats;
  let makers: TestDatabase;
  let listeners: TestDatabase;
  let maker: RunningService;
  let listener: RunningService;
  let tools: Bus;

  beforeAll(async () => {
    [nats, makers, listeners] = await Promise.all([
      testNats(),
      sampleDatabase('orders'),
      sampleDatabase('hubs'),
    ]);
    maker = await startMaker(nats, makers);
    listener = await startListener(nats, listeners);
    tools = await Bus.connect(
      { service: 'tools', url: nats.url, ...nats.as('tools') },
      createLogger('tools', 'silent'),
    );
  }, 60_000);

  afterAll(async () => {
    await tools.close();
    await Promise.all([maker.close(), listener.close()]);
    await Promise.all([makers.close(), listeners.close()]);
    await nats.close();
  });

  beforeEach(() => {
    Object.assign(consumerBehaviour, { transientFailures: 0, faultsUntilFixed: true, calls: [] });
  });

  const emit = async (
    name: string,
    count: number,
    behaviour: 'ok' | 'refuse' | 'fault' = 'ok',
  ): Promise<string[]> => {
    const ids = Array.from({ length: count }, newId);
    const database = maker.app.get(Database);
    await database.transaction(ALL_INSTANCES, (tx) =>
      maker.app.get(Outbox).add(
        tx,
        ids.map((id) => ({ event: thingMade, instanceId: instance.id, data: { name, behaviour }, id })),
      ),
    );
    return ids;
  };
  const seen = async (name: string): Promise<string[]> => {
    const rows = await listeners.database.query<{ event_id: string }>(
      'select event_id from seen where name = $1',
      [name],
    );
    return rows.map(({ event_id }) => event_id).sort();
  };
  const arrives = (name: string, ids: string[]) =>
    eventually(async () => expect(await seen(name)).toEqual([...ids].sort()), { timeoutMs: 15_000 });
  const publishedAll = () =>
    eventually(async () => {
      const rows = await makers.database.query('select 1 from outbox_pending');
      return rows.length === 0;
    });

  it('arrives once, within moments of the commit', async () => {
    const started = Date.now();
    await arrives('one', await emit('one', 1));
    expect(Date.now() - started).toBeLessThan(2_000);
  });

  it('arrives with others in batches', async () => {
    await arrives('many', await emit('many', 1_000));
    expect(consumerBehaviour.calls.length).toBeLessThan(200);
  });

  it('is not sent when its transaction fails', async () => {
    const failing = maker.app.get(Database).transaction(ALL_INSTANCES, async (tx) => {
      const data = { name: 'never', behaviour: 'ok' as const };
      await maker.app.get(Outbox).add(tx, [{ event: thingMade, instanceId: instance.id, data }]);
      throw new Error('changed our mind');
    });
    await expect(failing).rejects.toThrow('changed our mind');
    await arrives('after', await emit('after', 1));
    await expect(seen('never')).resolves.toEqual([]);
  });

  it('is handled once when the relay crashed between publishing it and noting that', async () => {
    const ids = await emit('crashed', 20);
    await arrives('crashed', ids);
    await publishedAll();
    // As after a crash: published, and the note rolled back; some with others that came since.
    await makers.owner.query('insert into outbox_pending select unnest($1::uuid[])', [ids.slice(5)]);
    const later = await emit('crashed', 5);
    await publishedAll();
    await arrives('crashed', [...ids, ...later]);
  });

  it('arrives although the database drops the connections of relay and consumer', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 10; i++) {
      ids.push(...(await emit('dropped', 20)));
      for (const { owner } of [makers, listeners]) {
        await owner
          .query(
            `select pg_terminate_backend(pid) from pg_stat_activity
                           where pid <> pg_backend_pid() and usename = current_schema() || '_app' and datname = current_database()`,
          )
          .catch(() => undefined);
      }
      await eventually(() => maker.app.get(Database).query('select 1'));
    }
    await arrives('dropped', ids);
  });

  it('waits for a dependency that is away, and is neither lost nor put aside', async () => {
    consumerBehaviour.transientFailures = 3;
    await arrives('patient', await emit('patient', 5));
    expect(
      (await listDeadLetters(tools.connection)).filter(
        ({ event }) => (event.data as { name: string }).name === 'patient',
      ),
    ).toEqual([]);
  });

  it('that is refused is put aside with its reason, alone of its batch, and handled when it is replayed', async () => {
    const [good, bad] = [await emit('mixed', 30), await emit('mixed', 1, 'refuse')];
    const more = await emit('mixed', 30);
    await arrives('mixed', [...good, ...more]);
    const letter = await eventually(async () => {
      const found = (await listDeadLetters(tools.connection)).find(({ event }) => event.id === bad[0]);
      if (!found) throw new Error('not there yet');
      return found;
    });
    expect(letter).toMatchObject({ service: 'hubs', reason: { code: 'model-invalid' } });
    consumerBehaviour.faultsUntilFixed = false;
    await replayDeadLetter(tools.connection, letter.sequence);
    await arrives('mixed', [...good, ...bad, ...more]);
    expect((await listDeadLetters(tools.connection)).some(({ event }) => event.id === bad[0])).toBe(false);
    await expect(replayDeadLetter(tools.connection, letter.sequence)).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('that meets a fault in the program is tried five times and then put aside', async () => {
    const [id] = await emit('faulty', 1, 'fault');
    const letter = await eventually(
      async () => {
        const found = (await listDeadLetters(tools.connection)).find(({ event }) => event.id === id);
        if (!found) throw new Error('not there yet');
        return found;
      },
      { timeoutMs: 20_000 },
    );
    expect(consumerBehaviour.calls).toHaveLength(5);
    expect(letter.reason.code).toBe('internal-error');
  }, 30_000);

  it('that is not as its definition says is put aside without being handled', async () => {
    const id = newId();
    await makers.owner.query(
      `with added as (
         insert into outbox (id, instance_id, subject, payload, occurred_at)
         values ($1, $2, $3, '{"name": 7}', now()) returning id)
       insert into outbox_pending select id from added`,
      [id, instance.id, thingMade.subject],
    );
    const letter = await eventually(async () => {
      const found = (await listDeadLetters(tools.connection)).find(({ event }) => event.id === id);
      if (!found) throw new Error('not there yet');
      return found;
    });
    expect(letter.reason).toMatchObject({ code: 'invalid-input', fields: [{ path: 'name' }] });
  });

  it('arrives although NATS is killed', async () => {
    const before = await emit('killed', 50);
    await nats.kill();
    const after = await emit('killed', 50);
    await arrives('killed', [...before, ...after]);
  }, 40_000);

  it('arrives although its stream was deleted', async () => {
    const manager = await managerOf(tools.connection);
    await publishedAll();
    await manager.streams.delete(streamOf('orders'));
    const ids = await emit('deleted', 10);
    await arrives('deleted', ids);
  }, 40_000);

  it('is published again on request, and those who had it do not handle it again', async () => {
    const ids = await emit('again', 10);
    await arrives('again', ids);
    await publishedAll();
    const manager = await managerOf(tools.connection);
    const before = (await manager.streams.info(streamOf('orders'))).state.messages;
    const count = await republish(makers.database, tools.connection, {
      from: new Date(0),
      to: new Date(Date.now() + 1_000),
    });
    expect(count).toBeGreaterThanOrEqual(10);
    await arrives('last', await emit('last', 1));
    expect((await manager.streams.info(streamOf('orders'))).state.messages).toBeGreaterThan(before + 1);
    await expect(seen('again')).resolves.toHaveLength(10);
  });

  it('is handled once however often and in whatever company it is delivered', async () => {
    const id = newId();
    const event = {
      id,
      instanceId: instance.id,
      occurredAt: new Date().toISOString(),
      headers: {},
      data: { name: 'repeated' },
    };
    const client = jetstream(tools.connection);
    for (const events of [[event, event], [event], [event, { ...event, id: newId() }]]) {
      await client.publish(thingMade.subject, JSON.stringify({ events }));
    }
    await eventually(async () => (await seen('repeated')).length === 2);
    await arrives('settled', await emit('settled', 1));
    expect((await seen('repeated')).filter((each) => each === id)).toHaveLength(1);
  });

  it('keeps coming when several replicas share the work of relaying', async () => {
    const second = await startMaker(nats, makers);
    const ids = (await Promise.all(Array.from({ length: 20 }, () => emit('shared', 25)))).flat();
    await arrives('shared', ids);
    await second.close();
  });

  it('can be found in the outbox for as long as it is kept', async () => {
    const ids = await emit('kept', 1);
    await publishedAll();
    const rows = await maker.app
      .get(Database)
      .transaction(ALL_INSTANCES, (tx) => rowsOf(tx, 'select payload from outbox where id = any($1)', [ids]));
    expect(rows).toEqual([{ payload: { name: 'kept', behaviour: 'ok' } }]);
  });

  it('is removed from the outbox when it was written a month ago, unless it still waits', async () => {
    const ids = await emit('aged', 2);
    await publishedAll();
    // This one waits in a database of its own, where no relay runs.
    const waiting = newId();
    const still = await sampleDatabase('orders');
    const add = `insert into outbox (id, instance_id, subject, payload, occurred_at, recorded_at)
                 values ($1, $1, 'waits', '{}', now(), now() - interval '31 days')`;
    await still.owner.query(add, [waiting]);
    await still.owner.query('insert into outbox_pending values ($1)', [waiting]);
    const age = `update outbox set recorded_at = now() - interval '31 days' where id = $1`;
    await makers.owner.query(age, [ids[0]]);
    await Promise.all([removeOldRows(makers.database), removeOldRows(still.database)]);
    const left = 'select id from outbox where id = any($1)';
    expect(await makers.database.query(left, [ids])).toEqual([{ id: ids[1] }]);
    expect(await still.database.query(left, [[waiting]])).toEqual([{ id: waiting }]);
    await still.close();
  });
});
