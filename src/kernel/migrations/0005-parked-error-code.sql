-- The code of the last failure, where it was an error of a catalogue. Other errors are for the log alone.
alter table kernel.event_parked add column error_code text;
