-- A photo with black boxes stands in the place of the one that came, which stays with the city alone.
alter table cc_photo add column original text;
