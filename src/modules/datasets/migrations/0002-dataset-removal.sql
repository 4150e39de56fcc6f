-- Set while the rows of a dataset are deleted: nothing may refer to it any more, and a crash is made up for at the start.
alter table datasets.dataset add column removing_since timestamptz;
