-- Of failed deliveries only the code is kept: the words of mail servers name people's addresses.
update delivery_attempt
set detail = case
    when outcome = 'failed' or outcome = 'refused' or outcome = 'uncertain'
      then coalesce('smtp ' || substring(detail from '(?:^|\D)([45]\d\d)(?:\D|$)'), substring(detail from '\mE[A-Z_]{3,30}\M'), 'error')
    else '' end
where detail not in ('', 'no address', 'older than seven days', 'the process ended while sending');
