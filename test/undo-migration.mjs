// Takes the orders schema of a database back by one migration, as the build before this one left it.
// usage: node test/undo-migration.mjs <postgres url with all rights>
import pg from 'pg';
import { migrations } from '../apps/orders/dist/migrations/migrations.js';

const latest = migrations.at(-1);
const postgres = new pg.Client({ connectionString: process.argv[2] });
await postgres.connect();
await postgres.query('set search_path = orders');
await new latest().down({ query: (sql) => postgres.query(sql) });
await postgres.query('delete from migrations where name = $1', [latest.name]);
const { rows } = await postgres.query('select count(*)::int as orders from orders');
await postgres.end();
console.log(`${latest.name} was undone with ${rows[0].orders} orders in the database`);
