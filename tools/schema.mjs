import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { startHost } from './host/host.mjs';
import { Failure, reportFailure } from './infrastructure/failure.mjs';
import { run } from './infrastructure/run.mjs';
import { DATABASE_SERVICES } from './infrastructure/secrets.mjs';
import { ROOT } from './infrastructure/state.mjs';

/** One line per thing of a schema, however the migrations came to it. */
const DESCRIPTION = `
  select 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
    || case when a.attnotnull then ' not null' else '' end
    || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
    || case a.attidentity when '' then '' else ' identity' end as line
  from pg_attribute a
  join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p')
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where c.relnamespace = $1::text::regnamespace and a.attnum > 0 and not a.attisdropped
  union all
  select 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
  from pg_constraint where connamespace = $1::text::regnamespace and contype not in ('n', 't')
  union all
  select 'index ' || indexname || ' ' || indexdef from pg_indexes where schemaname = $1::text
  union all
  select 'trigger ' || t.tgrelid::regclass || ' ' || pg_get_triggerdef(t.oid)
  from pg_trigger t join pg_class c on c.oid = t.tgrelid
  where c.relnamespace = $1::text::regnamespace and not t.tgisinternal
  union all
  select 'policy ' || tablename || ' ' || policyname || ' ' || coalesce(qual, '') || ' / ' || coalesce(with_check, '')
  from pg_policies where schemaname = $1::text
  union all
  select 'row security ' || relname || case when relforcerowsecurity then ' forced' else '' end
  from pg_class where relnamespace = $1::text::regnamespace and relrowsecurity
  union all
  select 'function ' || p.oid::regprocedure || ' returns ' || pg_get_function_result(p.oid) || ' ' || md5(p.prosrc)
    || case when p.prosecdef then ' security definer' else '' end
  from pg_proc p where p.pronamespace = $1::text::regnamespace
  union all
  select 'right ' || grantee || ' ' || table_name || ' ' || string_agg(privilege_type, ', ' order by privilege_type)
  from information_schema.role_table_grants where table_schema = $1::text and grantee <> $1::text || '_owner'
  group by grantee, table_name`;

/**
 * `npm run schema` writes apps/<service>/schema.txt: what the migrations make of an empty database. With
 * `--check` it compares, so that a migration that was changed afterwards, or does not run, is noticed.
 */
async function main() {
  const isCheck = process.argv.includes('--check');
  const host = await startHost();
  try {
    const different = [];
    for (const service of DATABASE_SERVICES) {
      const file = join('apps', service, 'schema.txt');
      const text = await describe(service, host.url);
      if (!isCheck) writeFileSync(join(ROOT, file), text);
      else if (!existsSync(join(ROOT, file)) || readFileSync(join(ROOT, file), 'utf8') !== text)
        different.push(file);
    }
    if (different.length > 0) {
      throw new Failure(`${different.join(', ')}: not what the migrations make; run: npm run schema`);
    }
  } finally {
    await host.stop();
  }
}

/** What a service's migrations make of an empty database, one line per thing, sorted. */
async function describe(service, hostUrl) {
  const answer = await fetch(`${hostUrl}/databases/create`, {
    method: 'POST',
    body: JSON.stringify({ service }),
  });
  const { name, urls, error } = await answer.json();
  if (!answer.ok) throw new Failure(error);
  const env = { ...process.env, DATABASE_OWNER_URL: urls.ownerUrl, LOG_LEVEL: 'warn' };
  const migrated = await run(process.execPath, [join(ROOT, 'apps', service, 'dist/main.js'), 'migrate'], {
    env,
  });
  if (migrated.code !== 0) throw new Failure(`The migrations of ${service} do not run.`, migrated.output);
  const rows = await read(urls.ownerUrl, service);
  await fetch(`${hostUrl}/databases/drop`, { method: 'POST', body: JSON.stringify({ name }) });
  return `${[...new Set(rows.map(({ line }) => line.replace(/\s+/g, ' ')))].sort().join('\n')}\n`;
}

async function read(url, service) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(DESCRIPTION, [service]);
    return rows;
  } finally {
    await client.end();
  }
}

main().catch((error) => {
  process.exitCode = reportFailure(error);
});
