-- A mail server may say later that a letter arrived (src/platform/notify/bounce.ts): that is evidence beside the attempts.
alter table delivery_attempt drop constraint delivery_attempt_outcome_check;
alter table delivery_attempt add constraint delivery_attempt_outcome_check
  check (outcome in ('sent', 'delivered', 'failed', 'refused', 'uncertain', 'expired'));
