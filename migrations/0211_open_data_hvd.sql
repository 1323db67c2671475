-- The high-value category travels among the extras, as clients send and expect it.
alter table od_dataset drop column hvd_category;
alter table od_dataset add column hvd_category text generated always as (extras ->> 'hvd_category') stored;
