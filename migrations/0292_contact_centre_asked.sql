-- Of how many claims somebody was really asked whether the work is done: counted from the index alone.
create index cc_message_asked on cc_message (request, at)
  where outcome = 'told' and template in ('claim', 'ask_again', 'answer');
