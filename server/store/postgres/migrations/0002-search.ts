/**
 * The texts of messages for searches, folded (normalized by NFKC_Casefold; see `query.ts`). A message is in
 * `unindexed` from its capture until its texts are in `search`; a node writes them in the background, because the
 * trigram indexes take more time than the capture.
 */
export const search = `
create table unindexed (
  message text collate "C" primary key
);

create table search (
  message text collate "C" primary key,
  subject text collate "C" not null,
  brief text collate "C" not null,
  body text collate "C" not null,
  headers text collate "C" not null,
  filenames text collate "C" not null,
  message_id text collate "C",
  people_from text collate "C" not null,
  people_to text collate "C" not null,
  people_cc text collate "C" not null,
  people_bcc text collate "C" not null,
  people_rcpt text collate "C" not null,
  people_replyto text collate "C" not null,
  people_user text collate "C" not null
);
create extension if not exists pg_trgm;
create index search_subject on search using gin (subject gin_trgm_ops);
create index search_brief on search using gin (brief gin_trgm_ops);
create index search_body on search using gin (body gin_trgm_ops);
create index search_from on search using gin (people_from gin_trgm_ops);
create index search_to on search using gin (people_to gin_trgm_ops);
`;
