-- A district has any number of parts and holes, each a ring of its own.
update cc_district set boundary = jsonb_build_array(jsonb_build_object('ring', boundary, 'hole', false))
where jsonb_typeof(boundary -> 0) = 'array';
