-- Where a letter of the law goes by post when nothing else carries it: name and postal address, encrypted.
alter table message add column postal text;
