-- Written answers name their entry in the audit log, which holds the digest of the answer's words: whoever has the letter can prove it
-- (src/platform/audit/proofs.ts). Answers from before have none.
alter table cc_appeal_answer add column audit_entry uuid;
create unique index cc_appeal_answer_entry on cc_appeal_answer (audit_entry);
-- A proof reads every hash up to its head: it is made once, when somebody first asks.
create table audit_proof (
  number bigint primary key,
  proof text not null
);
