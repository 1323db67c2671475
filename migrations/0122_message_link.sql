-- A path in a letter that acts for whoever holds it, encrypted: the cabinet's inbox never shows it.
alter table message add column link text;
