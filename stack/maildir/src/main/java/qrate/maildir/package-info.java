/// To be written.
package qrate.maildir;
