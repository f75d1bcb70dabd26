package qrate.checkpassword;

/// The checkpassword interface: a login is accepted, refused, or cannot be checked now.
@FunctionalInterface
public interface PasswordChecker {
    /// Checks one login. Takes as long for an unknown user as for a wrong password.
    ///
    /// @param login as the client gave it
    /// @param password its bytes
    /// @param service who asks
    /// @param remote address of the client (TCPREMOTEIP), for limits per address
    Answer check(String login, byte[] password, Asker service, String remote);

    /// Whether {@link #apop} can ever accept: whoever keeps only hashes cannot check APOP.
    default boolean apop() {
        return false;
    }

    /// Checks an APOP response (RFC 1939 §7).
    default Answer apop(String login, Apop response, Asker service, String remote) {
        return new Answer.Refused();
    }

    /// What stands in an APOP command's place of a password.
    ///
    /// @param timestamp of the greeting, angle brackets and all
    /// @param digest in hexadecimal, as the client gave it
    record Apop(String timestamp, String digest) {}

    /// Which door asks.
    enum Asker {
        /// POP3
        POP3,
        /// SMTP AUTH
        SMTP
    }

    /// What came of it.
    sealed interface Answer {
        /// The password is right and the door is open to this account.
        ///
        /// @param address canonical `user@domain`
        /// @param home folder of the account: absolute
        record Accepted(String address, java.nio.file.Path home) implements Answer {}

        /// Wrong user or password, or not allowed here; the client is never told which.
        record Refused() implements Answer {}

        /// Too many tries from this address or for this account; try again later.
        record Throttled() implements Answer {}

        /// Cannot be checked now (exit 111).
        ///
        /// @param why for the log
        record Unavailable(String why) implements Answer {}
    }
}
