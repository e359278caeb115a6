import type { InstanceView } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';

export interface InstanceRow {
  instance_id: string;
  slug: string;
  name: string;
  currency: string;
  time_zone: string;
  locales: string[];
  description: string;
}

const COLUMNS = 'instance_id, slug, name, currency, time_zone, locales, description';

/** The row as it goes over the wire. */
export function viewOf(row: InstanceRow): InstanceView {
  return {
    id: row.instance_id,
    slug: row.slug,
    name: row.name,
    currency: row.currency,
    timeZone: row.time_zone,
    locales: row.locales,
    description: row.description,
  };
}

/** Inserts the instance; null when its slug is taken. */
export async function insertInstance(
  tx: Tx,
  instance: InstanceView & { createdAt: Date },
): Promise<InstanceRow | null> {
  const [row] = await rowsOf<InstanceRow>(
    tx,
    `insert into instances (${COLUMNS}, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (slug) do nothing
     returning ${COLUMNS}`,
    [
      instance.id,
      instance.slug,
      instance.name,
      instance.currency,
      instance.timeZone,
      instance.locales,
      instance.description,
      instance.createdAt,
    ],
  );
  return row ?? null;
}

/** The instance of that slug or id, or null. */
export async function findInstance(
  tx: Tx,
  key: { slug?: string; instanceId?: string },
): Promise<InstanceRow | null> {
  const [row] = await rowsOf<InstanceRow>(
    tx,
    { name: 'instance-find', text: `select ${COLUMNS} from instances where slug = $1 or instance_id = $2` },
    [key.slug ?? null, key.instanceId ?? null],
  );
  return row ?? null;
}

/** Instances in the order they were made; may be empty. */
export function listInstances(tx: Tx, page: { after: string | null; limit: number }): Promise<InstanceRow[]> {
  return rowsOf<InstanceRow>(
    tx,
    `select ${COLUMNS} from instances where $1::uuid is null or instance_id > $1 order by instance_id limit $2`,
    [page.after, page.limit],
  );
}
