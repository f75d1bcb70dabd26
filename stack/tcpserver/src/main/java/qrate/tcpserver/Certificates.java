package qrate.tcpserver;

import java.util.Optional;
import javax.net.ssl.SSLContext;

/// The certificate that TLS connections show, as long as there is one.
@FunctionalInterface
public interface Certificates {
    /// The current context; empty when there is no certificate, and TLS is not offered.
    Optional<SSLContext> context();

    /// No TLS.
    static Certificates none() {
        return Optional::empty;
    }
}
