-- The last sequence number of each workspace. Its row lock gives entries their order.
create table kernel.audit_head (
  workspace text primary key,
  sequence bigint not null
);
alter table kernel.audit_head enable row level security;
alter table kernel.audit_head force row level security;
create policy workspace on kernel.audit_head
  using (workspace = current_setting('millrace.workspace', true))
  with check (workspace = current_setting('millrace.workspace', true));

-- Operations under way. What a killed server leaves here gets the outcome "unknown" at the next start.
create table kernel.audit_open (
  id uuid primary key,
  workspace text not null,
  began_at timestamptz not null,
  actor jsonb not null,
  action text not null,
  subject jsonb not null,
  request_id text not null
);
alter table kernel.audit_open enable row level security;
alter table kernel.audit_open force row level security;
create policy workspace on kernel.audit_open
  using (workspace = current_setting('millrace.workspace', true))
  with check (workspace = current_setting('millrace.workspace', true));

create table kernel.audit (
  workspace text not null,
  sequence bigint not null,
  id uuid not null,
  began_at timestamptz not null,
  ended_at timestamptz not null,
  actor jsonb not null,
  action text not null,
  subject jsonb not null,
  outcome text not null check (outcome in ('succeeded', 'refused', 'denied', 'failed', 'unknown')),
  -- the error code of an operation that did not succeed
  code text,
  request_id text not null,
  -- equal operations of one minute, for those that are summed up
  times integer not null default 1,
  before json,
  after json,
  primary key (workspace, sequence)
);
create index audit_actor on kernel.audit (workspace, (actor ->> 'id'), sequence desc);
create index audit_subject on kernel.audit (workspace, (subject ->> 'kind'), (subject ->> 'id'), sequence desc);
create index audit_action on kernel.audit (workspace, action, sequence desc);
create index audit_time on kernel.audit (workspace, began_at);
alter table kernel.audit enable row level security;
alter table kernel.audit force row level security;
create policy workspace on kernel.audit
  using (workspace = current_setting('millrace.workspace', true))
  with check (workspace = current_setting('millrace.workspace', true));

create function kernel.refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'entries of the audit trail are never changed or deleted';
end $$;
create trigger audit_is_append_only before update or delete on kernel.audit
  for each row execute function kernel.refuse_audit_change();
create trigger audit_is_not_truncated before truncate on kernel.audit
  for each statement execute function kernel.refuse_audit_change();
