package qrate.core;

import java.io.IOException;

/// What tcpserver hands a connection to: qmail-smtpd, qmail-popup.
@FunctionalInterface
public interface Service {
    /// Speaks with the client until it is done; the caller closes the connection.
    ///
    /// @throws IOException when the connection breaks; the caller logs it and closes
    void serve(Connection connection) throws IOException;
}
