package qrate.tcpserver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import qrate.core.Log;
import qrate.core.ServerTls;

/// The certificate in `cert.pem` (with its chain) and `key.pem` ({@link Pem} says in which forms), read again when the
/// files change. Both may stand in `cert.pem` alone.
///
/// A new pair that cannot be used is logged, and the old one stays, so that a renewal half done ends no service; it is
/// tried again until it can be used.
final class CertificateFiles implements Certificates {
    /// How long a change may go unnoticed, in milliseconds.
    static final long RECHECK_MILLIS = 1000;

    /// Largest file, in bytes.
    static final long FILE_BYTES_MAX = 1 << 20;

    private static final String CERTIFICATE = "cert.pem";
    private static final String KEY = "key.pem";

    private record Stamp(long certificate, long certificateBytes, long key, long keyBytes) {}

    /// What connections show.
    private record Loaded(SSLContext context, Instant from, Instant until) {}

    private final Path folder;
    private final InstantSource clock;
    private final Log log;
    private long checked = Long.MIN_VALUE;
    private Optional<Stamp> stamp = Optional.empty();
    private Optional<Loaded> loaded = Optional.empty();
    private Optional<String> failure = Optional.empty();

    CertificateFiles(Path folder, InstantSource clock, Log log) {
        this.folder = folder;
        this.clock = clock;
        this.log = log;
    }

    @Override
    public synchronized Optional<SSLContext> context() {
        long now = clock.millis();
        if (checked == Long.MIN_VALUE || now - checked >= RECHECK_MILLIS || now < checked) {
            checked = now;
            look();
        }
        return loaded.map(Loaded::context);
    }

    @Override
    public synchronized Optional<String> problem() {
        context();
        if (loaded.isEmpty()) {
            return Optional.of(failure.orElse("there is no certificate") + "; nobody can use TLS, hence sign in");
        }
        Instant now = clock.instant();
        if (now.isAfter(loaded.get().until)) {
            return Optional.of("the certificate ended at " + loaded.get().until + also());
        }
        if (now.isBefore(loaded.get().from)) {
            return Optional.of("the certificate counts only from " + loaded.get().from + also());
        }
        return failure.map(why -> why + "; the one before stays in use");
    }

    private String also() {
        return failure.map(why -> ", and the new one does not do: " + why).orElse("");
    }

    private void look() {
        Path certificate = folder.resolve(CERTIFICATE);
        if (!Files.exists(certificate)) {
            return; // no TLS yet, or a renewal between two renames
        }
        Path key = Files.exists(folder.resolve(KEY)) ? folder.resolve(KEY) : certificate;
        try {
            Stamp seen = new Stamp(
                    Files.getLastModifiedTime(certificate).toMillis(),
                    Files.size(certificate),
                    Files.getLastModifiedTime(key).toMillis(),
                    Files.size(key));
            if (!stamp.equals(Optional.of(seen))) {
                byte[] chain = bounded(certificate);
                if (key.equals(certificate) && !Pem.hasKey(chain)) {
                    throw new IOException(KEY + ": no such file");
                }
                loaded = Optional.of(load(chain, key.equals(certificate) ? chain : bounded(key), key));
                stamp = Optional.of(seen);
                failure = Optional.empty();
                log.line("tls: certificate loaded");
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            // whatever is in those files, the doors go on as they were
            String why = "unable to use " + folder.getFileName() + "/cert.pem and key.pem: " + e.getMessage();
            if (!failure.equals(Optional.of(why))) {
                failure = Optional.of(why);
                log.line("tls: " + why);
            }
        }
    }

    private static byte[] bounded(Path file) throws IOException {
        if (Files.size(file) > FILE_BYTES_MAX) {
            throw new IOException(file.getFileName() + " is larger than " + FILE_BYTES_MAX + " bytes");
        }
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IOException(
                    file.getFileName() + ": cannot be read: " + e.getClass().getSimpleName(), e);
        }
    }

    private static Loaded load(byte[] chainPem, byte[] keyPem, Path keyFile)
            throws IOException, GeneralSecurityException {
        List<X509Certificate> chain = new ArrayList<>(named(CERTIFICATE, () -> Pem.certificates(chainPem)));
        X509Certificate own = null;
        IOException first = null;
        PrivateKey key = null;
        for (X509Certificate one : chain) {
            try {
                PrivateKey read = named(keyFile.getFileName().toString(), () -> Pem.key(keyPem, one.getPublicKey()));
                if (belong(read, one.getPublicKey())) {
                    own = one;
                    key = read;
                    break;
                }
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        if (own == null) {
            throw first != null
                    ? first
                    : new IOException(keyFile.getFileName() + ": does not belong to the certificate");
        }
        // clients want the host's own first, and some files have it last
        chain.remove(own);
        chain.addFirst(own);
        return new Loaded(
                context(key, chain.toArray(X509Certificate[]::new)),
                own.getNotBefore().toInstant(),
                own.getNotAfter().toInstant());
    }

    @FunctionalInterface
    private interface Reading<T> {
        T read() throws IOException, GeneralSecurityException;
    }

    private static <T> T named(String file, Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (IOException | GeneralSecurityException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static SSLContext context(PrivateKey key, X509Certificate[] chain)
            throws IOException, GeneralSecurityException {
        char[] password = new char[0];
        // it never leaves memory: PKCS12 would only derive two keys from no password, slowly
        KeyStore store = KeyStore.getInstance("JKS");
        store.load(null, password);
        store.setKeyEntry("server", key, password, chain);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return ServerTls.limited(context);
    }

    /// Whether what one key signs the other verifies.
    private static boolean belong(PrivateKey key, PublicKey other) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(
                switch (other.getAlgorithm()) {
                    case "EC" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default -> other.getAlgorithm();
                });
        byte[] sample = {1, 2, 3};
        signature.initSign(key);
        signature.update(sample);
        byte[] signed = signature.sign();
        signature.initVerify(other);
        signature.update(sample);
        return signature.verify(signed);
    }
}
