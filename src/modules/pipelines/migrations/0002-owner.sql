-- A pipeline runs with the rights of its owner: who saved it last. Who saved those that are stored is not
-- known; they ran with every right, and go on so under the person who runs the server.
alter table pipelines.definition add column owner jsonb;
update pipelines.definition set owner = '{"kind": "person", "id": "owner", "name": "Owner"}';
alter table pipelines.definition alter column owner set not null;
