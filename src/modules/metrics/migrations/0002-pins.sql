-- The metrics that somebody pinned to Home, in their order.
create table metrics.pins (
  workspace text not null,
  principal_kind text not null,
  principal_id text not null,
  codes jsonb not null,
  updated_at timestamptz not null default now(),
  primary key (workspace, principal_kind, principal_id)
);

alter table metrics.pins enable row level security;
alter table metrics.pins force row level security;
create policy workspace on metrics.pins
  using (workspace = current_setting('millrace.workspace', true))
  with check (workspace = current_setting('millrace.workspace', true));
