/// To be written.
package qrate.pop3d;
