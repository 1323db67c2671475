-- An administrator wants a dead letter tried again; its consumer does it next to the events that come.
alter table event_dead_letter add column revived_at timestamptz;
