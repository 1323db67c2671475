-- The day on which a key was last used: a day, so that a busy key is not written at every call.
alter table open311_key add column used_on date;
