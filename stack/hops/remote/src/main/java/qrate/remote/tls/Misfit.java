package qrate.remote.tls;

import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import qrate.tlsrpt.TlsNote;

/// What is wrong with a server's certificate, as far as the JDK's exceptions tell.
enum Misfit {
    EXPIRED(TlsNote.Failure.CERTIFICATE_EXPIRED),
    NOT_YET(TlsNote.Failure.VALIDATION_FAILURE),
    NOT_TRUSTED(TlsNote.Failure.CERTIFICATE_NOT_TRUSTED),
    /// of DANE
    NO_RECORD(TlsNote.Failure.VALIDATION_FAILURE),
    OTHER_NAME(TlsNote.Failure.CERTIFICATE_HOST_MISMATCH),
    OTHER(TlsNote.Failure.VALIDATION_FAILURE);

    private final TlsNote.Failure told;

    Misfit(TlsNote.Failure told) {
        this.told = told;
    }

    /// What the domain is told.
    TlsNote.Failure told() {
        return told;
    }

    /// Whether that says too little (RFC 8460 §4.3.1).
    boolean isVague() {
        return told == TlsNote.Failure.CERTIFICATE_NOT_TRUSTED || told == TlsNote.Failure.VALIDATION_FAILURE;
    }

    static Misfit of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String text = String.valueOf(cause.getMessage());
            if (cause instanceof CertificateExpiredException) {
                return EXPIRED;
            }
            if (cause instanceof CertificateNotYetValidException) {
                return NOT_YET;
            }
            if (text.contains("unable to find valid certification path") || text.contains("Path does not chain")) {
                return NOT_TRUSTED;
            }
            if (text.equals(Tls.MISFIT)) {
                return NO_RECORD;
            }
            if (text.startsWith("No subject alternative") || text.startsWith("No name matching")) {
                return OTHER_NAME;
            }
        }
        return OTHER;
    }
}
