create schema if not exists identity;

create table identity.workspace (
  id text primary key check (id ~ '^[a-z][a-z0-9-]{0,39}$'),
  title text not null,
  demo boolean not null,
  created_at timestamptz not null default now()
);

create table identity.installation (single boolean primary key default true check (single), id text not null);
insert into identity.installation (id) values (substr(md5(random()::text || clock_timestamp()::text), 1, 8));

create table identity.token (
  workspace text not null references identity.workspace (id),
  id text not null,
  name text not null,
  hash text not null unique,
  permissions jsonb not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  used_at timestamptz,
  primary key (workspace, id),
  unique (workspace, name)
);
alter table identity.token enable row level security;
alter table identity.token force row level security;
create policy workspace on identity.token
  using (workspace = current_setting('millrace.workspace', true))
  with check (workspace = current_setting('millrace.workspace', true));

create table identity.session (
  hash text primary key,
  workspace text not null references identity.workspace (id),
  name text not null,
  permissions jsonb not null,
  everywhere boolean not null,
  token_workspace text,
  token_id text,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  foreign key (token_workspace, token_id) references identity.token (workspace, id) on delete cascade
);
alter table identity.session enable row level security;
alter table identity.session force row level security;
create policy workspace on identity.session
  using (workspace = current_setting('millrace.workspace', true))
  with check (workspace = current_setting('millrace.workspace', true));
create index session_expiry on identity.session (expires_at);

create table identity.login_code (
  hash text primary key,
  workspace text not null references identity.workspace (id),
  expires_at timestamptz not null
);
alter table identity.login_code enable row level security;
alter table identity.login_code force row level security;
create policy workspace on identity.login_code
  using (workspace = current_setting('millrace.workspace', true))
  with check (workspace = current_setting('millrace.workspace', true));
