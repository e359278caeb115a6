import { rowsOf, type Tx } from '@foodshed/platform';

export interface ApiTokenRow {
  api_token_id: string;
  name: string;
  created_at: Date;
  expires_at: Date;
  last_used_at: Date | null;
}

interface Owner {
  readonly instanceId: string;
  readonly personId: string;
}

const COLUMNS = 'api_token_id, name, created_at, expires_at, last_used_at';

/** Stores a token by the hash of its secret; returns its row. */
export async function insertApiToken(
  tx: Tx,
  token: Owner & { apiTokenId: string; tokenHash: Buffer; name: string; at: Date; expiresAt: Date },
): Promise<ApiTokenRow[]> {
  return rowsOf<ApiTokenRow>(
    tx,
    `insert into api_tokens (api_token_id, token_hash, instance_id, person_id, name, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7) returning ${COLUMNS}`,
    [
      token.apiTokenId,
      token.tokenHash,
      token.instanceId,
      token.personId,
      token.name,
      token.at,
      token.expiresAt,
    ],
  );
}

/** The person's tokens in the instance, the newest first, expired ones too; may be empty. */
export function listApiTokens(
  tx: Tx,
  page: Owner & { before: string | null; limit: number },
): Promise<ApiTokenRow[]> {
  return rowsOf<ApiTokenRow>(
    tx,
    `select ${COLUMNS} from api_tokens
      where instance_id = $1 and person_id = $2 and ($3::uuid is null or api_token_id < $3)
      order by api_token_id desc limit $4`,
    [page.instanceId, page.personId, page.before, page.limit],
  );
}

/** Ends a token of the person's; false when there is none. */
export async function deleteApiToken(tx: Tx, key: Owner & { apiTokenId: string }): Promise<boolean> {
  const rows = await rowsOf(
    tx,
    'delete from api_tokens where instance_id = $1 and person_id = $2 and api_token_id = $3 returning 1',
    [key.instanceId, key.personId, key.apiTokenId],
  );
  return rows.length === 1;
}
