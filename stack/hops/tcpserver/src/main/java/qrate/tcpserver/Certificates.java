package qrate.tcpserver;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import qrate.core.Log;

/// The certificate that TLS connections show, as long as there is one.
@FunctionalInterface
public interface Certificates {
    /// The current context; empty when there is no certificate, and TLS is not offered.
    Optional<SSLContext> context();

    /// Whether TLS can be offered now; a `main` opens no port for implicit TLS otherwise.
    default boolean available() {
        return context().isPresent();
    }

    /// Why TLS is not what it should be: no certificate, one that cannot be read, one that has ended.
    default Optional<String> problem() {
        return Optional.empty();
    }

    /// No TLS.
    static Certificates none() {
        return Optional::empty;
    }

    /// `cert.pem` and `key.pem` in a folder, read again when they change.
    static Certificates in(Path folder, InstantSource clock, Log log) {
        return new CertificateFiles(folder, clock, log);
    }
}
