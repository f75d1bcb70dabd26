package qrate.tcpserver;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import qrate.core.Log;
import qrate.core.ServerTls;

/// The certificate in `cert.pem` (chain) and `key.pem` (PKCS #8, RSA or EC), read again when the files change.
///
/// A new pair that cannot be used is logged, and the old one stays, so that a renewal half done ends no service.
final class CertificateFiles implements Certificates {
    /// How long a change may go unnoticed, in milliseconds.
    static final long RECHECK_MILLIS = 1000;

    /// Largest file, in bytes.
    static final long FILE_BYTES_MAX = 1 << 20;

    private static final String KEY_BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String KEY_END = "-----END PRIVATE KEY-----";

    private record Stamp(long certificate, long key) {}

    private final Path folder;
    private final InstantSource clock;
    private final Log log;
    private long checked = Long.MIN_VALUE;
    private Stamp stamp = new Stamp(0, 0);
    private Optional<SSLContext> context = Optional.empty();

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
        return context;
    }

    private void look() {
        Path certificate = folder.resolve("cert.pem");
        Path key = folder.resolve("key.pem");
        if (!Files.exists(certificate) || !Files.exists(key)) {
            return; // no TLS yet, or a renewal between two renames
        }
        try {
            Stamp seen = new Stamp(
                    Files.getLastModifiedTime(certificate).toMillis(),
                    Files.getLastModifiedTime(key).toMillis());
            if (!seen.equals(stamp)) {
                stamp = seen;
                context = Optional.of(load(bounded(certificate), bounded(key)));
                log.line("tls: certificate loaded");
            }
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            log.line("tls: unable to use " + folder.getFileName() + "/cert.pem and key.pem: " + e.getMessage());
        }
    }

    private static byte[] bounded(Path file) throws IOException {
        if (Files.size(file) > FILE_BYTES_MAX) {
            throw new IOException(file.getFileName() + " is larger than " + FILE_BYTES_MAX + " bytes");
        }
        return Files.readAllBytes(file);
    }

    private static SSLContext load(byte[] chainPem, byte[] keyPem) throws IOException, GeneralSecurityException {
        Collection<? extends Certificate> chain =
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(chainPem));
        if (chain.isEmpty()) {
            throw new IOException("no certificate in cert.pem");
        }
        PrivateKey key = key(new String(keyPem, StandardCharsets.ISO_8859_1));
        Certificate[] all = chain.toArray(Certificate[]::new);
        if (!belong(key, all[0].getPublicKey())) {
            throw new IOException("key.pem does not belong to the first certificate of cert.pem");
        }
        char[] password = new char[0];
        // it never leaves memory: PKCS12 would only derive two keys from no password, slowly
        KeyStore store = KeyStore.getInstance("JKS");
        store.load(null, password);
        store.setKeyEntry("server", key, password, all);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return ServerTls.limited(context);
    }

    private static PrivateKey key(String pem) throws IOException, GeneralSecurityException {
        int begin = pem.indexOf(KEY_BEGIN);
        int end = pem.indexOf(KEY_END);
        if (begin < 0 || end < begin) {
            throw new IOException("no PKCS #8 'PRIVATE KEY' in key.pem");
        }
        byte[] der = Base64.getMimeDecoder().decode(pem.substring(begin + KEY_BEGIN.length(), end));
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(der);
        try {
            return KeyFactory.getInstance("EC").generatePrivate(spec);
        } catch (InvalidKeySpecException _) {
            return KeyFactory.getInstance("RSA").generatePrivate(spec); // it is one or the other
        }
    }

    /// Whether what one key signs the other verifies.
    private static boolean belong(PrivateKey key, PublicKey other) throws GeneralSecurityException {
        if (!key.getAlgorithm().equals(other.getAlgorithm())) {
            return false;
        }
        Signature signature =
                Signature.getInstance(key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
        byte[] sample = {1, 2, 3};
        signature.initSign(key);
        signature.update(sample);
        byte[] signed = signature.sign();
        signature.initVerify(other);
        signature.update(sample);
        return signature.verify(signed);
    }
}
