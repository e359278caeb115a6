import { DATABASE_SERVICES } from './secrets.mjs';

/** The database that all services share, a schema for each. */
export const DATABASE = 'foodshed';

/**
 * Makes the database with a schema, an owner and an application role per service; what is there already stays.
 * Roles belong to the server, so each further database of the same server only gets its schemas.
 * @param {{superuserUrl: string, secrets: object, database?: string, services?: string[]}} options
 */
export async function prepareDatabase({
  superuserUrl,
  secrets,
  database = DATABASE,
  services = DATABASE_SERVICES,
}) {
  const pg = (await import('pg')).default;
  await withClient(pg, superuserUrl, async (client) => {
    for (const service of services) {
      await ensureRole(client, `${service}_owner`, secrets.postgres[`${service}_owner`]);
      await ensureRole(client, `${service}_app`, secrets.postgres[`${service}_app`]);
    }
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`);
    const name = client.escapeIdentifier(database);
    await client.query(`revoke all on database ${name} from public`);
    for (const service of services) {
      await client.query(`grant connect on database ${name} to ${service}_owner, ${service}_app`);
    }
  });
  await withClient(pg, withDatabase(superuserUrl, database), async (client) => {
    await client.query('revoke all on schema public from public');
    for (const service of services) await client.query(schemaStatements(service));
  });
}

/**
 * Returns the statements that give a service its schema. What the application role may do with the tables in it
 * is granted by the service's migrations; the ledger's may not even call a function that was not opened to it.
 */
export function schemaStatements(service) {
  const owner = `${service}_owner`;
  const app = `${service}_app`;
  const inSchema = `alter default privileges for role ${owner} in schema ${service}`;
  return `
    create schema if not exists ${service} authorization ${owner};
    revoke all on schema ${service} from public;
    grant usage on schema ${service} to ${app};
    alter default privileges for role ${owner} revoke execute on functions from public;
    ${service === 'ledger' ? '' : `${inSchema} grant execute on functions to ${app};`}
    alter role ${owner} set search_path = ${service};
    alter role ${app} set search_path = ${service};
  `;
}

/** Returns the URL with another database, and other credentials if given. */
export function withDatabase(url, database, user, password) {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  if (user !== undefined) {
    changed.username = user;
    changed.password = password;
  }
  return changed.href;
}

async function ensureRole(client, role, password) {
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [role]);
  const verb = rowCount === 0 ? 'create' : 'alter';
  await client.query(
    `${verb} role ${client.escapeIdentifier(role)} login nosuperuser nobypassrls password ${client.escapeLiteral(password)}`,
  );
}

async function withClient(pg, connectionString, work) {
  const client = new pg.Client({ connectionString });
  // The server may end the session while it stops; the query that is running then fails by itself.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
