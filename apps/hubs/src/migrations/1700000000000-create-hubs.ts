import { instanceScoped, platformTables } from '@foodshed/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const enterprises = `
  create table enterprises (
    enterprise_id uuid primary key,
    instance_id uuid not null,
    slug text not null,
    name text not null,
    description text not null,
    is_producer boolean not null,
    is_hub boolean not null,
    place jsonb,
    contact_name text,
    contact_email text,
    contact_phone text,
    contact_published boolean not null,
    vat_registered boolean not null,
    owner_person_id uuid not null,
    registered_at timestamptz not null,
    changed_at timestamptz not null,
    unique (instance_id, enterprise_id),
    constraint enterprises_slug_is_single unique (instance_id, slug),
    constraint enterprises_have_a_role check (is_producer or is_hub)
  );
  create index enterprises_by_name on enterprises (instance_id, name, enterprise_id);`;

// A set of shares counts from \`valid_from\` until the next. As no set is recorded after it begins to count,
// nothing written later can change what counted at an instant that is past.
const managers = `
  create table share_sets (
    share_set_id uuid primary key,
    instance_id uuid not null,
    enterprise_id uuid not null,
    valid_from timestamptz not null,
    recorded_at timestamptz not null,
    recorded_by uuid not null,
    unique (instance_id, share_set_id),
    foreign key (instance_id, enterprise_id) references enterprises (instance_id, enterprise_id),
    constraint share_sets_never_alter_the_past check (valid_from >= recorded_at)
  );
  create index share_sets_by_enterprise on share_sets (instance_id, enterprise_id, valid_from);

  create table shares (
    instance_id uuid not null,
    share_set_id uuid not null,
    person_id uuid not null,
    share_bps int not null check (share_bps between 0 and 10000),
    primary key (share_set_id, person_id),
    foreign key (instance_id, share_set_id) references share_sets (instance_id, share_set_id)
  );
  create index shares_by_person on shares (instance_id, person_id);

  create function refuse_change() returns trigger language plpgsql as $$
  begin
    raise exception '% rows are never changed', tg_table_name using errcode = '23514', constraint = 'shares_stand';
  end $$;
  create trigger share_sets_stand before update or delete on share_sets
    for each row execute function refuse_change();
  create trigger shares_stand before update or delete on shares
    for each row execute function refuse_change();

  create function check_share_total() returns trigger language plpgsql as $$
  begin
    if (select sum(share_bps) from shares where share_set_id = new.share_set_id) > 10000 then
      raise exception 'the shares of a set add up to more than 10000'
        using errcode = '23514', constraint = 'shares_add_up';
    end if;
    return null;
  end $$;
  create constraint trigger shares_add_up after insert on shares deferrable initially deferred
    for each row execute function check_share_total();`;

// Nobody manages by being invited: only an accepted invitation adds a person to the sets of shares. What it was
// addressed to is forgotten with the answer.
const invitations = `
  create table manager_invitations (
    invitation_id uuid primary key,
    instance_id uuid not null,
    enterprise_id uuid not null,
    email text,
    contact_hash bytea,
    person_id uuid,
    state text not null check (state in ('pending', 'accepted', 'declined', 'withdrawn')),
    invited_at timestamptz not null,
    invited_by uuid not null,
    expires_at timestamptz not null,
    answered_at timestamptz,
    answered_by uuid,
    foreign key (instance_id, enterprise_id) references enterprises (instance_id, enterprise_id),
    constraint manager_invitations_are_addressed check (
      case when state = 'pending' then num_nonnulls(contact_hash, person_id) = 1
           else num_nonnulls(email, contact_hash) = 0 and num_nulls(answered_at, answered_by) = 0 end)
  );
  create unique index manager_invitations_once_by_address
    on manager_invitations (instance_id, enterprise_id, contact_hash) where state = 'pending';
  create unique index manager_invitations_once_by_person
    on manager_invitations (instance_id, enterprise_id, person_id) where state = 'pending';
  create index manager_invitations_by_address on manager_invitations (instance_id, contact_hash)
    where state = 'pending';
  create index manager_invitations_by_person on manager_invitations (instance_id, person_id)
    where state = 'pending';`;

const buyers = `
  create table buyers (
    instance_id uuid not null,
    person_id uuid not null,
    display_name text,
    primary key (instance_id, person_id)
  );

  create table erased_persons (
    person_id uuid primary key,
    erased_at timestamptz not null
  );

  -- An address that its person has not verified yet is known from 'infinity': it matches nothing, and is here to
  -- be found when the person is erased.
  create table buyer_contacts (
    instance_id uuid not null,
    buyer_kind text not null check (buyer_kind in ('person', 'enterprise')),
    buyer_id uuid not null,
    contact_hash bytea not null,
    known_from timestamptz not null,
    primary key (instance_id, buyer_kind, buyer_id, contact_hash)
  );
  create index buyer_contacts_by_hash on buyer_contacts (instance_id, contact_hash);

  create table existing_customers (
    existing_customer_id bigint generated always as identity primary key,
    instance_id uuid not null,
    producer_id uuid not null,
    contact_hash bytea,
    buyer_kind text check (buyer_kind in ('person', 'enterprise')),
    buyer_id uuid,
    listed_at timestamptz not null,
    foreign key (instance_id, producer_id) references enterprises (instance_id, enterprise_id),
    constraint existing_customers_once unique (instance_id, producer_id, contact_hash),
    constraint existing_customers_are_known check (contact_hash is not null or buyer_id is not null)
  );
  create index existing_customers_by_buyer on existing_customers (instance_id, producer_id, buyer_id)
    where buyer_id is not null;
  create index existing_customers_by_hash on existing_customers (instance_id, contact_hash);

  create table customers (
    instance_id uuid not null,
    enterprise_id uuid not null,
    buyer_kind text not null,
    buyer_id uuid not null,
    primary key (instance_id, buyer_id, enterprise_id, buyer_kind)
  );`;

const links = `
  create table referral_links (
    link_id uuid primary key,
    instance_id uuid not null,
    hub_id uuid not null,
    code text not null,
    label text not null,
    created_at timestamptz not null,
    created_by uuid not null,
    unique (instance_id, link_id),
    unique (instance_id, code),
    foreign key (instance_id, hub_id) references enterprises (instance_id, enterprise_id)
  );
  create index referral_links_by_hub on referral_links (instance_id, hub_id, link_id);

  create table referral_link_uses (
    instance_id uuid not null,
    link_id uuid not null,
    buyer_kind text not null check (buyer_kind in ('person', 'enterprise')),
    buyer_id uuid not null,
    used_at timestamptz not null,
    used_by uuid not null,
    primary key (instance_id, link_id, buyer_kind, buyer_id),
    foreign key (instance_id, link_id) references referral_links (instance_id, link_id)
  );
  create index referral_link_uses_by_buyer on referral_link_uses (instance_id, buyer_id);

  create table introductions (
    introduction_id uuid primary key,
    instance_id uuid not null,
    hub_id uuid not null,
    producer_id uuid not null,
    buyer_kind text not null check (buyer_kind in ('person', 'enterprise')),
    buyer_id uuid not null,
    state text not null check (state in ('proposed', 'accepted', 'refused')),
    proposed_at timestamptz not null,
    proposed_by uuid not null,
    answered_at timestamptz,
    answered_by uuid,
    foreign key (instance_id, hub_id) references enterprises (instance_id, enterprise_id),
    foreign key (instance_id, producer_id) references enterprises (instance_id, enterprise_id)
  );
  create unique index introductions_once
    on introductions (instance_id, producer_id, buyer_kind, buyer_id, hub_id) where state <> 'refused';
  create index introductions_by_producer on introductions (instance_id, producer_id, introduction_id);`;

// What was decided for each first sale stands for ever, as other orders may carry it; \`referrals\` is the one
// fact per (producer, buyer) now: that of the highest sequence known.
const referrals = `
  create table first_sales (
    instance_id uuid not null,
    producer_id uuid not null,
    buyer_kind text not null check (buyer_kind in ('person', 'enterprise')),
    buyer_id uuid not null,
    sequence int not null check (sequence >= 1),
    order_id uuid not null,
    referral_id uuid,
    hub_id uuid,
    via text check (via in ('shop', 'link', 'introduction')),
    bound_at timestamptz,
    evidence jsonb not null,
    decided_at timestamptz not null,
    primary key (instance_id, producer_id, buyer_kind, buyer_id, sequence),
    foreign key (instance_id, producer_id) references enterprises (instance_id, enterprise_id),
    foreign key (instance_id, hub_id) references enterprises (instance_id, enterprise_id),
    constraint first_sales_are_whole check (num_nulls(referral_id, hub_id, via, bound_at) in (0, 4))
  );
  create index first_sales_by_hub on first_sales (instance_id, hub_id, referral_id) where hub_id is not null;
  create index first_sales_by_producer on first_sales (instance_id, producer_id, referral_id)
    where hub_id is not null;

  create table remaining_captures (
    instance_id uuid not null,
    producer_id uuid not null,
    buyer_kind text not null,
    buyer_id uuid not null,
    order_id uuid not null,
    capture_id uuid not null,
    version int not null,
    gross_minor bigint not null,
    primary key (instance_id, producer_id, buyer_kind, buyer_id, order_id, capture_id)
  );

  create table referrals (
    instance_id uuid not null,
    producer_id uuid not null,
    buyer_kind text not null,
    buyer_id uuid not null,
    sequence int not null,
    referral_id uuid,
    hub_id uuid,
    via text,
    state text not null check (state in ('standing', 'ended', 'none')),
    before jsonb,
    constraint referrals_are_single primary key (instance_id, producer_id, buyer_kind, buyer_id),
    foreign key (instance_id, producer_id, buyer_kind, buyer_id, sequence)
      references first_sales (instance_id, producer_id, buyer_kind, buyer_id, sequence)
  );`;

const scoped = [
  'enterprises',
  'share_sets',
  'shares',
  'manager_invitations',
  'buyers',
  'buyer_contacts',
  'existing_customers',
  'customers',
  'referral_links',
  'referral_link_uses',
  'introductions',
  'first_sales',
  'remaining_captures',
  'referrals',
];

export class CreateHubs1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(platformTables());
    for (const part of [enterprises, managers, invitations, buyers, links, referrals])
      await runner.query(part);
    await runner.query(instanceScoped(...scoped));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table ${[...scoped, 'erased_persons'].reverse().join(', ')};
      drop table outbox, inbox, idempotency_keys;
      drop function refuse_change(), check_share_total()`);
  }
}
