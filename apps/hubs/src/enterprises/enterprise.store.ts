import type { EnterpriseContact, Place } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';
import type { StoredEnterprise } from './enterprise.rules.js';

interface EnterpriseRow {
  enterprise_id: string;
  slug: string;
  name: string;
  description: string;
  is_producer: boolean;
  is_hub: boolean;
  place: Place | null;
  contact_name: string | null;
  contact_email: string | null;
  contact_phone: string | null;
  contact_published: boolean;
  vat_registered: boolean;
  registered_at: Date;
  changed_at: Date;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const COLUMNS = `enterprise_id, slug, name, description, is_producer, is_hub, place, contact_name, contact_email,
  contact_phone, contact_published, vat_registered, registered_at, changed_at`;

function enterpriseOf(row: EnterpriseRow): StoredEnterprise {
  const { contact_name: name, contact_email: email, contact_phone: phone } = row;
  return {
    enterpriseId: row.enterprise_id,
    slug: row.slug,
    name: row.name,
    description: row.description,
    isProducer: row.is_producer,
    isHub: row.is_hub,
    place: row.place,
    contact: name !== null && email !== null ? { name, email, phone } : null,
    contactPublished: row.contact_published,
    vatRegistered: row.vat_registered,
    registeredAt: row.registered_at.toISOString(),
    changedAt: row.changed_at.toISOString(),
  };
}

/** Which slugs that begin so are taken in the transaction's instance. */
export async function takenSlugs(tx: Tx, instanceId: string, beginning: string): Promise<Set<string>> {
  const rows = await rowsOf<{ slug: string }>(
    tx,
    `select slug from enterprises where instance_id = $1 and starts_with(slug, $2)`,
    [instanceId, beginning],
  );
  return new Set(rows.map(({ slug }) => slug));
}

function writtenColumns(enterprise: StoredEnterprise): unknown[] {
  const { place, contact } = enterprise;
  return [
    enterprise.enterpriseId,
    enterprise.slug,
    enterprise.name,
    enterprise.description,
    enterprise.isProducer,
    enterprise.isHub,
    place && JSON.stringify(place),
    contact?.name ?? null,
    contact?.email ?? null,
    contact?.phone ?? null,
    enterprise.contactPublished,
    enterprise.vatRegistered,
    enterprise.changedAt,
  ];
}

/** Adds an enterprise. Breaks `enterprises_slug_is_single` when another has the slug. */
export async function insertEnterprise(
  tx: Tx,
  enterprise: StoredEnterprise & { contact: EnterpriseContact },
  { instanceId, ownerPersonId }: { instanceId: string; ownerPersonId: string },
): Promise<void> {
  await rowsOf(
    tx,
    `insert into enterprises (${COLUMNS.replace('registered_at, ', '')}, registered_at, instance_id, owner_person_id)
     values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
    [...writtenColumns(enterprise), enterprise.registeredAt, instanceId, ownerPersonId],
  );
}

/** Writes what may be edited of an enterprise. Breaks `enterprises_slug_is_single` when another has the slug. */
export async function updateEnterprise(tx: Tx, enterprise: StoredEnterprise): Promise<void> {
  await rowsOf(
    tx,
    `update enterprises set slug = $2, name = $3, description = $4, is_producer = $5, is_hub = $6, place = $7::jsonb,
       contact_name = $8, contact_email = $9, contact_phone = $10, contact_published = $11, vat_registered = $12,
       changed_at = $13
     where enterprise_id = $1`,
    writtenColumns(enterprise),
  );
}

/** An enterprise by id or slug, or undefined; locked when it is to be changed. */
export async function findEnterprise(
  tx: Tx,
  options: { instanceId: string; enterprise: string; forUpdate?: boolean },
): Promise<StoredEnterprise | undefined> {
  const { instanceId, enterprise, forUpdate = false } = options;
  const rows = await rowsOf<EnterpriseRow>(
    tx,
    `select ${COLUMNS} from enterprises where instance_id = $1 and (enterprise_id = $2 or slug = $3)
     order by enterprise_id = $2 desc nulls last limit 1 ${forUpdate ? 'for update' : ''}`,
    UUID.test(enterprise) ? [instanceId, enterprise, null] : [instanceId, null, enterprise],
  );
  return rows[0] && enterpriseOf(rows[0]);
}

/** Enterprises by id, in no promised order; unknown ids are not in it. */
export async function findEnterprises(
  tx: Tx,
  instanceId: string,
  enterpriseIds: readonly string[],
): Promise<StoredEnterprise[]> {
  const rows = await rowsOf<EnterpriseRow>(
    tx,
    `select ${COLUMNS} from enterprises where instance_id = $1 and enterprise_id = any($2::uuid[])`,
    [instanceId, enterpriseIds],
  );
  return rows.map(enterpriseOf);
}

/** Enterprises by name, then id, after a position; `ids` null means all. */
export async function listEnterprises(
  tx: Tx,
  options: {
    instanceId: string;
    role?: 'hub' | 'producer';
    ids: readonly string[] | null;
    after?: { name: string; id: string };
    limit: number;
  },
): Promise<StoredEnterprise[]> {
  const { instanceId, role, ids, after, limit } = options;
  const rows = await rowsOf<EnterpriseRow>(
    tx,
    `select ${COLUMNS} from enterprises
     where instance_id = $1 and ($2::uuid[] is null or enterprise_id = any($2))
       and ($3::text is null or case $3 when 'hub' then is_hub else is_producer end)
       and ($4::text is null or (name, enterprise_id) > ($4, $5::uuid))
     order by name, enterprise_id limit $6`,
    [instanceId, ids, role ?? null, after?.name ?? null, after?.id ?? null, limit],
  );
  return rows.map(enterpriseOf);
}
