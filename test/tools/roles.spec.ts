import { Client } from 'pg';
import { askHost } from '@foodshed/testing';

const SERVICES = ['admin', 'hubs', 'orders', 'commission', 'ledger', 'developers', 'contributions'];

describe('the roles of the services in Postgres', () => {
  let id: string;
  let superuser: Client;

  const as = async (role: string, sql: string) => {
    await superuser.query(`set role ${role}`);
    try {
      return await superuser.query(sql);
    } finally {
      await superuser.query('reset role');
    }
  };

  beforeAll(async () => {
    const facts = await askHost<{ id: string; superuserUrl: string }>('servers/start', {
      only: ['postgres'],
    });
    id = facts.id;
    const url = new URL(facts.superuserUrl);
    url.pathname = '/foodshed';
    superuser = new Client({ connectionString: url.href });
    await superuser.connect();
    for (const service of SERVICES) {
      await as(
        `${service}_owner`,
        `create table ${service}.things (id int); create function ${service}.one() returns int language sql return 1`,
      );
    }
  });

  afterAll(async () => {
    await superuser.end();
    await askHost('servers/end', { id });
  });

  const others = SERVICES.flatMap((service) =>
    SERVICES.filter((other) => other !== service).map((other) => [service, other] as const),
  );

  it.each(others)('keep %s out of the schema of %s', async (service, other) => {
    for (const role of [`${service}_app`, `${service}_owner`]) {
      await expect(as(role, `select * from ${other}.things`)).rejects.toThrow(/permission denied for schema/);
      await expect(as(role, `create table ${other}.more (id int)`)).rejects.toThrow(
        /permission denied for schema/,
      );
    }
  });

  it.each(SERVICES)(
    'let the application of %s neither make tables nor use any that were not opened to it',
    async (service) => {
      await expect(as(`${service}_app`, `create table ${service}.more (id int)`)).rejects.toThrow(
        /permission denied/,
      );
      await expect(as(`${service}_app`, `select * from ${service}.things`)).rejects.toThrow(
        /permission denied/,
      );
      await expect(as(`${service}_app`, 'create table public.more (id int)')).rejects.toThrow(
        /permission denied/,
      );
    },
  );

  it('let the application of the ledger call no function that was not opened to it', async () => {
    await expect(as('ledger_app', 'select ledger.one()')).rejects.toThrow(/permission denied for function/);
    await expect(as('orders_app', 'select orders.one()')).resolves.toMatchObject({ rowCount: 1 });
  });
});
