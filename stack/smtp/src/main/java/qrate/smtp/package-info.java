/// To be written.
package qrate.smtp;
