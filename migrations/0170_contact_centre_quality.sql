-- Quality control. A try to call counts once in each part of the day; a check call about a claim is made once; residents
-- are asked about a claim with doubtful evidence only after a controller has passed it.
create unique index cc_verification_missed_once on cc_verification (request, attempt, reporter, day_part)
  where verdict = 'missed';

alter table cc_verification add column is_check boolean not null default false;
create unique index cc_verification_check_once on cc_verification (request, attempt)
  where is_check and verdict <> 'missed';

alter table cc_attempt add column passed_at timestamptz;
