-- Until when a follower of datasets has been told by letter what happened to them.
alter table od_user add column letters_until timestamptz;
