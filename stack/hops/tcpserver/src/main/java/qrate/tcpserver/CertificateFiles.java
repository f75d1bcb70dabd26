package qrate.tcpserver;

import java.io.ByteArrayOutputStream;
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
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import qrate.core.Log;
import qrate.core.ServerTls;

/// The certificate in `cert.pem` (with its chain) and `key.pem` ({@link Pem} says in which forms), read again
/// when the files change. Both may stand in `cert.pem` alone. Of several certificates with keys the first of
/// each kind counts, so that a client that knows RSA only gets one of that kind beside ECDSA. A key may stand
/// there before its certificate does: so the two files can be replaced one after the other, and fit each
/// other at every moment.
///
/// A new pair that cannot be used is logged, and the old one stays, so that a renewal half done ends no
/// service; it is tried again until it can be used.
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
            return Optional.of("the certificate is valid only from " + loaded.get().from + also());
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
                loaded = Optional.of(load(chain, key.equals(certificate) ? chain : both(bounded(key), chain), key));
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

    private static byte[] both(byte[] keys, byte[] chain) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(keys);
        all.write('\n');
        all.writeBytes(chain);
        return all.toByteArray();
    }

    /// A certificate of this host, and the key that belongs to it.
    private record Own(X509Certificate certificate, PrivateKey key) {}

    private static Loaded load(byte[] chainPem, byte[] keyPem, Path keyFile)
            throws IOException, GeneralSecurityException {
        List<X509Certificate> chain = named(CERTIFICATE, () -> Pem.certificates(chainPem));
        Map<String, Own> own = new LinkedHashMap<>(); // by algorithm
        IOException first = null;
        for (X509Certificate one : chain) {
            PublicKey kind = one.getPublicKey();
            try {
                for (PrivateKey key : named(keyFile.getFileName().toString(), () -> Pem.keys(keyPem, kind))) {
                    if (belong(key, kind)) {
                        own.putIfAbsent(kind.getAlgorithm(), new Own(one, key));
                    }
                }
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        if (own.isEmpty()) {
            throw first != null
                    ? first
                    : new IOException(keyFile.getFileName() + ": does not belong to the certificate");
        }
        return new Loaded(
                context(own, chain),
                own.values().stream()
                        .map(one -> one.certificate.getNotBefore().toInstant())
                        .max(Comparator.naturalOrder())
                        .orElseThrow(),
                own.values().stream()
                        .map(one -> one.certificate.getNotAfter().toInstant())
                        .min(Comparator.naturalOrder())
                        .orElseThrow());
    }

    /// What a client is shown with a certificate: that one first, which some files have last, then those
    /// above it. With one certificate of the host, everything else in the file is of its chain; with two,
    /// whose is whose is looked up.
    private static X509Certificate[] chain(
            X509Certificate own, Collection<X509Certificate> hosts, List<X509Certificate> all) {
        List<X509Certificate> rest = new ArrayList<>(all);
        rest.removeAll(hosts);
        List<X509Certificate> chain = new ArrayList<>(List.of(own));
        if (hosts.size() == 1) {
            chain.addAll(rest);
            return chain.toArray(X509Certificate[]::new);
        }
        Optional<X509Certificate> next = Optional.of(own);
        while (next.isPresent()) {
            X509Certificate below = next.get();
            next = rest.stream()
                    .filter(one -> signed(below, one.getPublicKey()))
                    .findFirst();
            next.ifPresent(chain::add);
            next.ifPresent(rest::remove);
        }
        return chain.toArray(X509Certificate[]::new);
    }

    private static boolean signed(X509Certificate certificate, PublicKey by) {
        try {
            certificate.verify(by);
            return true;
        } catch (GeneralSecurityException _) {
            return false; // by another one
        }
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

    private static SSLContext context(Map<String, Own> own, List<X509Certificate> all)
            throws IOException, GeneralSecurityException {
        char[] password = new char[0];
        // it never leaves memory: PKCS12 would only derive two keys from no password, slowly
        KeyStore store = KeyStore.getInstance("JKS");
        store.load(null, password);
        List<X509Certificate> hosts =
                own.values().stream().map(Own::certificate).toList();
        for (Map.Entry<String, Own> one : own.entrySet()) {
            X509Certificate certificate = one.getValue().certificate;
            store.setKeyEntry(one.getKey(), one.getValue().key, password, chain(certificate, hosts, all));
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        SSLContext context = SSLContext.getInstance("TLS");
        // nobody's certificate is looked at here: by default the JDK's whole list of CAs would be read and kept
        context.init(keys.getKeyManagers(), new TrustManager[0], null);
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
