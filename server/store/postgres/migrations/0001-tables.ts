/**
 * The first version of the tables. Every number of a change (seq), UID and time is a `bigint`; times are milliseconds
 * since the epoch.
 *
 * Summaries, details, notes, records and changes are JSON in `text` columns: PostgreSQL's `jsonb` refuses the
 * character U+0000, which mail may contain.
 */
export const tables = `
create table head (
  singleton boolean primary key default true check (singleton),
  seq bigint not null default 0,
  epoch text not null,
  messages bigint not null default 0,
  bytes bigint not null default 0,
  latest_seq bigint,
  latest_at bigint,
  account_since bigint not null default 0,
  clock_steps text not null default '[]'
) with (fillfactor = 50);

create table account (
  name text collate "C" primary key,
  ordinal bigint not null,
  since bigint not null,
  created_at bigint not null,
  opened boolean not null,
  minted boolean not null,
  password text,
  subscriptions text[]
);
create index account_order on account (since, ordinal);

create table mailbox (
  id text collate "C" primary key,
  account text collate "C" not null,
  name text collate "C" not null,
  role text,
  uid_validity bigint not null,
  uid_next bigint not null,
  recent bigint not null,
  highest_modseq bigint not null,
  history_floor bigint not null,
  messages bigint not null,
  unseen bigint not null,
  deleted bigint not null,
  size bigint not null
) with (fillfactor = 50);
create index mailbox_account on mailbox (account, name);

create table retired (
  account text collate "C",
  name text collate "C",
  uid_validity bigint not null,
  primary key (account, name)
);

create table message (
  id text collate "C" primary key,
  seq bigint not null unique,
  stored_at bigint not null,
  received_at bigint not null,
  size bigint not null,
  sum integer,
  tags text[] not null,
  tags_folded text[] not null,
  attachments integer not null,
  has_html boolean not null,
  summary text not null
);

create table content (
  id text collate "C" primary key,
  detail text not null,
  raw bytea not null
);
alter table content alter column raw set storage external;

create table note (
  message text collate "C",
  key text collate "C",
  seq bigint not null,
  value text,
  primary key (message, key)
);

create table placement (
  mailbox text collate "C",
  uid bigint,
  message text collate "C" not null,
  flags text[] collate "C" not null,
  modseq bigint not null,
  born bigint not null,
  saved_at bigint not null,
  position integer not null,
  primary key (mailbox, uid)
);
create index placement_message on placement (message);
create index placement_modseq on placement (mailbox, modseq);

create table expunged (
  mailbox text collate "C",
  seq bigint,
  uid bigint not null,
  primary key (mailbox, seq)
);

create table keyword (
  folded text collate "C" primary key,
  spelling text not null
);

create table record (
  collection text collate "C",
  key text collate "C",
  position bigint not null,
  value text not null,
  primary key (collection, key)
);

create table change (
  seq bigint primary key,
  commit_id text not null,
  change text not null
);

create table lease (
  name text collate "C" primary key,
  node text not null,
  until timestamptz not null
);
`;
