/// To be written.
package qrate.smtpd;
