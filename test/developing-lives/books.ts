import { Client } from 'pg';

/** What must be true of the books of developers and ledger together, as queries that find what is not. */
const FAULTS: Readonly<Record<string, string>> = {
  'an account stands where no money of pledges belongs': `
    select instance_id, owner_kind, purpose, balance_minor from ledger.accounts a where balance_minor <> 0 and not (
      (owner_kind = 'instance' and purpose in ('bank', 'developing'))
      or (owner_kind in ('person', 'enterprise') and purpose = 'pending'))`,
  'an instance’s books do not add up to zero': `
    select instance_id, currency, sum(balance_minor) from ledger.accounts
    group by instance_id, currency having sum(balance_minor) <> 0`,
  'a giver’s account is below what is held on it': `
    select id, balance_minor, reserved_minor from ledger.accounts
    where reserved_minor > 0 and -balance_minor < reserved_minor`,
  'an open hold is not the escrow of its pledge: giver, pitch, refund-to, deadline and amount': `
    select h.id from ledger.holds h
    join ledger.accounts a on a.id = h.account_id join ledger.accounts p on p.id = h.payee_id
    left join developers.pledges g on g.pledge_id = h.id and g.instance_id = h.instance_id
    left join developers.pitches t on t.pitch_id = g.pitch_id
    where not exists (select from ledger.hold_resolutions r where r.hold_id = h.id)
      and (g.pledge_id is null or g.state not in ('placing', 'held', 'paying', 'returning')
        or a.owner_kind <> g.funder_kind or a.owner_id <> g.funder_id or h.refund_to_id <> h.account_id
        or p.owner_kind <> 'pitch' or p.owner_id <> g.pitch_id
        or h.deadline <> t.held_until or h.amount_minor <> g.escrow_minor)`,
  'a pledge says it is somewhere else than its money is': `
    select g.pledge_id, g.state, h.id as hold, r.outcome from developers.pledges g
    left join ledger.holds h on h.id = g.pledge_id and h.instance_id = g.instance_id
    left join ledger.hold_resolutions r on r.hold_id = h.id
    where case g.state
      when 'held' then h.id is null or r.outcome is not null
      when 'paid' then r.outcome is distinct from 'settled' or r.settled_minor <> g.escrow_minor
      when 'returned' then case when g.escrow_minor = 0 then h.id is not null else r.outcome is distinct from 'voided' end
      when 'placing' then r.outcome is not null
      when 'paying' then h.id is null or r.outcome in ('voided', 'expired')
      when 'returning' then h.id is null or r.outcome = 'settled'
      else h.id is not null end`,
  'a pitch holds more than its goal, or is funded with less': `
    select t.pitch_id, t.state, t.goal_minor, s.held from developers.pitches t
    cross join lateral (select coalesce(sum(escrow_minor) filter (where state in ('placing', 'held', 'paying', 'paid')), 0)
      as held from developers.pledges g where g.pitch_id = t.pitch_id) s
    where s.held > t.goal_minor
      or (t.state in ('funded', 'delivered', 'accepted', 'paid') and s.held <> t.goal_minor)`,
  'a team has other than what payouts say': `
    select coalesce(q.payee_id, a.owner_id), q.amount, -a.balance_minor from (
      select q.instance_id, q.payee_id, sum(q.amount_minor) as amount from developers.payout_parts q
      join ledger.transactions x on x.instance_id = q.instance_id and x.business_key = 'pitch-payout:' || q.payout_id
      group by q.instance_id, q.payee_id) q
    full join (select a.* from ledger.accounts a where a.owner_id = any ($1) and a.purpose = 'pending') a
      on a.instance_id = q.instance_id and a.owner_id = q.payee_id
    where q.amount is distinct from -a.balance_minor and coalesce(q.amount, 0) <> -coalesce(a.balance_minor, 0)`,
  'what came and what is there differ': `
    select b.instance_id, b.balance_minor, m.minor from ledger.accounts b
    cross join lateral (select -sum(a.balance_minor) as minor from ledger.accounts a
      where a.instance_id = b.instance_id and a.purpose in ('pending', 'developing')) m
    where b.purpose = 'bank' and b.balance_minor <> m.minor`,
};

/** Looks at all books of a system at one moment, again and again. */
export class Books {
  private constructor(
    private readonly client: Client,
    private readonly teamIds: readonly string[],
  ) {}

  static async open(url: string, teamIds: readonly string[]): Promise<Books> {
    const client = new Client({ connectionString: url });
    await client.connect();
    return new Books(client, teamIds);
  }

  /** What is wrong at this moment; empty where every cent is with its giver, in escrow, or paid. */
  async faults(): Promise<string[]> {
    await this.client.query('begin isolation level repeatable read read only');
    try {
      const found: string[] = [];
      for (const [fault, text] of Object.entries(FAULTS)) {
        const { rows } = await this.client.query(text, text.includes('$1') ? [this.teamIds] : []);
        if (rows.length > 0) found.push(`${fault}: ${JSON.stringify(rows.slice(0, 3))}`);
      }
      return found;
    } finally {
      await this.client.query('rollback');
    }
  }

  /** How many pitches ended in which state, and why. */
  async ends(): Promise<Record<string, number>> {
    const { rows } = await this.client.query<{ name: string; count: number }>(
      `select concat_ws(' ', state, failed_because) as name, count(*)::int as count from developers.pitches
       group by 1 order by 1`,
    );
    return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
  }

  /** For each paid pitch: its team's shares, and what each member got over all ledgers. */
  async payouts(): Promise<{ goal: number; shares: number[]; got: number[] }[]> {
    const { rows } = await this.client.query<{ goal: string; shares: number[]; got: number[] }>(
      `select t.goal_minor as goal,
         array(select (m->>'shareBps')::int from jsonb_array_elements(t.team) m) as shares,
         array(select coalesce((select sum(q.amount_minor) from developers.payouts o
           join developers.payout_parts q on q.payout_id = o.payout_id
           where o.pitch_id = t.pitch_id and q.payee_id = (m->>'id')::uuid), 0)::int
           from jsonb_array_elements(t.team) m) as got
       from developers.pitches t where t.state = 'paid'`,
    );
    return rows.map((row) => ({ ...row, goal: Number(row.goal) }));
  }

  /** The functions' own books: what they say is in escrow now, over all instances. */
  async inEscrow(): Promise<number> {
    const { rows } = await this.client.query<{ minor: string }>(
      'select coalesce(sum(change_minor), 0) as minor from developers.movements',
    );
    return Number(rows[0]?.minor);
  }

  close(): Promise<void> {
    return this.client.end();
  }
}
