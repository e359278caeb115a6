import type { MigrationInterface, QueryRunner } from 'typeorm';
import { testDatabase, type TestDatabase } from './database.js';

class CreateThings1700000000000 implements MigrationInterface {
  name = 'CreateThings1700000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table things (id int primary key)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table things');
  }
}

describe('a database for a spec', () => {
  const open: TestDatabase[] = [];
  const database = async (service: string) => {
    const made = await testDatabase(service, [CreateThings1700000000000]);
    open.push(made);
    return made;
  };

  afterAll(() => Promise.all(open.map((made) => made.close())));

  it('is migrated, and its own', async () => {
    const [first, second] = await Promise.all([database('orders'), database('orders')]);
    await first.database.query('insert into things values (1)');
    expect(await first.database.query('select id from things')).toEqual([{ id: 1 }]);
    expect(await second.database.query('select id from things')).toEqual([]);
  }, 60_000);

  it('gives the ledger no rights but those that its migrations grant', async () => {
    const { database: ledger, owner } = await database('ledger');
    await owner.query('grant select on things to ledger_app');
    expect(await ledger.query('select id from things')).toEqual([]);
    await expect(ledger.query('delete from things')).rejects.toThrow(/permission denied/);
  }, 60_000);
});
