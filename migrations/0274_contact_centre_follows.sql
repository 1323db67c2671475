-- From a request to those in which its problem came back.
create index cc_request_follows on cc_request (follows) where follows is not null;
