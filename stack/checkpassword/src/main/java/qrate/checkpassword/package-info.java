/// To be written.
package qrate.checkpassword;
