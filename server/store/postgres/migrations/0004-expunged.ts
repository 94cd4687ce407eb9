/** One change may remove several copies of a message from one mailbox, each with its own UID. */
export const expunged = `
alter table expunged drop constraint expunged_pkey;
alter table expunged add primary key (mailbox, seq, uid);
`;
