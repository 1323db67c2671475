-- A password that somebody else has set opens the door once: whoever comes in by it must choose another.
alter table staff_account add column password_temporary boolean not null default false;
