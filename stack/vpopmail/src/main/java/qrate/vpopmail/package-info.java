/// To be written.
package qrate.vpopmail;
