-- Terms that the law sets for appeals and for keeping what people gave: each with its reference, and whether a lawyer of the
-- city has confirmed the value. Versions stand in cc_data_version; the city's pages change them.
create table cc_law_term (
  code text primary key check (code ~ '^[a-z0-9-]{1,60}$'),
  body jsonb not null
);

insert into cc_law_term (code, body)
select code, jsonb_build_object('code', code, 'name', jsonb_build_object('uk', uk, 'en', en), 'amount', amount, 'unit', unit,
  'end', ends, 'reference', reference, 'confirmed', false)
from (values
  ('appeal-answer', 'Відповідь на звернення без додаткового вивчення', 'Answer to an appeal without extra study', 15, 'days', 'next', '393/96-ВР, ст. 20'),
  ('appeal-study', 'Відповідь на звернення з вивченням', 'Answer to an appeal with study', 1, 'months', 'next', '393/96-ВР, ст. 20'),
  ('appeal-limit', 'Увесь строк розгляду з продовженням', 'The whole term with its extension', 45, 'days', 'stay', '393/96-ВР, ст. 20'),
  ('appeal-forward', 'Пересилання за належністю', 'Forwarding to the competent body', 5, 'days', 'next', '393/96-ВР, ст. 7'),
  ('appeal-return', 'Повернення оформленого неналежно', 'Giving back what is not written as the law asks', 10, 'days', 'next', '393/96-ВР, ст. 5'),
  ('appeal-kept', 'Зберігання звернення після закриття', 'Keeping an appeal after it is closed', 60, 'months', 'stay', '393/96-ВР')
) as law(code, uk, en, amount, unit, ends, reference);

-- Hours in which people are left alone by letters that can wait: by the clock of the city.
alter table installation add column quiet_from smallint not null default 21 check (quiet_from between 0 and 23),
  add column quiet_until smallint not null default 8 check (quiet_until between 0 and 23);
