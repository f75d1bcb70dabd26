/// To be written.
package qrate.admin;
