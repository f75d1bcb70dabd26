package qrate.smoketests;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;

/// The system under test.
///
/// @param host name or address
/// @param insecure whether any certificate will do
record Target(String host, Ports ports, boolean insecure) {
    /// Where its services are.
    record Ports(int smtp, int submission, int smtps, int pop3, int pop3s) {}

    /// A mailbox and its password.
    record Login(String address, String password) {
        /// What stands behind the `@`.
        String domain() {
            return address.substring(address.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
        }

        @Override
        public String toString() {
            return address;
        }
    }

    /// Whether a host is this machine, where a self-signed certificate is to be expected.
    static boolean isHere(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException _) {
            return false; // the first check says it better
        }
    }
}
