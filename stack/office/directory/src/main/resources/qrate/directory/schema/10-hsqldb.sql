-- HSQLDB keeps tables in memory, and all of a million lines there would be half a gigabyte: this one stays on disk.
SET TABLE audit TYPE CACHED;
