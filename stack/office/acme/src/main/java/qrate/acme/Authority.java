package qrate.acme;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import qrate.certificate.Pair;

/// A CA, as far as we need one.
interface Authority extends AutoCloseable {
    /// What it says about when to renew (RFC 9773 §4.2).
    ///
    /// @param again when it wants to be asked again
    record Window(Instant start, Instant end, Optional<Instant> again) {}

    /// A refusal, or nonsense in an answer's place.
    final class Refused extends IOException {
        private static final long serialVersionUID = 1;
        private final transient Optional<Instant> retryAfter;

        Refused(String why, Optional<Instant> retryAfter, Throwable cause) {
            super(why, cause);
            this.retryAfter = retryAfter;
        }

        /// When it wants to be asked again, if it said so.
        Optional<Instant> retryAfter() {
            return retryAfter;
        }
    }

    /// Reads what it offers, and changes nothing there.
    ///
    /// @throws IOException when it cannot be asked, or would not have us as we are
    void look() throws IOException, InterruptedException;

    /// Orders a certificate of each wanted kind.
    ///
    /// @param answering how the names are proved
    /// @param replaced the certificate that the new one takes the place of
    /// @return in the order of the kinds; nobody has looked at them
    List<Pair> order(Answering answering, Optional<X509Certificate> replaced) throws IOException, InterruptedException;

    /// Asks when to renew.
    ///
    /// @return nothing when it does not say such things
    Optional<Window> advice(X509Certificate certificate) throws IOException, InterruptedException;

    @Override
    void close();
}
