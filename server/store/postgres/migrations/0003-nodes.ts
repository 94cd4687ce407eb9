/**
 * The running nodes, the questions that they ask each other, and the state that they change together. Nothing in these
 * tables is mail.
 */
export const nodes = `
create table node (
  id text collate "C" primary key,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
) with (fillfactor = 50);

create table question (
  id text collate "C" primary key,
  node text collate "C" not null,
  topic text not null,
  body text not null,
  asked_at timestamptz not null default now()
);

create table answer (
  question text collate "C" references question on delete cascade,
  node text collate "C",
  body text,
  primary key (question, node)
);

create table cell (
  collection text collate "C",
  key text collate "C",
  value text not null,
  stamp text not null,
  changed_at timestamptz not null default now(),
  primary key (collection, key)
) with (fillfactor = 50);
`;
