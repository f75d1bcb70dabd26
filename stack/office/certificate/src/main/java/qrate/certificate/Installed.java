package qrate.certificate;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The certificates in `cert.pem` that are this host's own, without those of the CAs above them.
///
/// @param own at least one
public record Installed(List<X509Certificate> own) {
    /// Largest file, in bytes.
    static final int FILE_BYTES_MAX = 1 << 20;

    private static final int DNS_NAME = 2; // RFC 5280 §4.2.1.6, as Java numbers them
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN (?:X509 )?CERTIFICATE-----([^-]*)-----END (?:X509 )?CERTIFICATE-----");

    /// Reads them.
    ///
    /// @param tls the folder
    /// @return nothing when there is no `cert.pem`
    /// @throws IOException when it cannot be read, or holds no certificate
    public static Optional<Installed> in(Path tls) throws IOException {
        Path file = tls.resolve("cert.pem");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            List<X509Certificate> all = read(new String(in.readNBytes(FILE_BYTES_MAX), StandardCharsets.ISO_8859_1));
            if (all.isEmpty()) {
                throw new IOException("tls/cert.pem: no certificate in it");
            }
            return Optional.of(new Installed(leaves(all)));
        }
    }

    /// The certificates in a text, in their order.
    ///
    /// @throws IOException when one is damaged
    static List<X509Certificate> read(String pem) throws IOException {
        List<X509Certificate> all = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Matcher block = BLOCK.matcher(pem); block.find(); ) {
                byte[] der = Base64.getMimeDecoder().decode(block.group(1));
                all.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("tls/cert.pem: a certificate in it is damaged: " + e.getMessage(), e);
        }
        return all;
    }

    private static List<X509Certificate> leaves(List<X509Certificate> all) {
        List<X509Certificate> leaves =
                all.stream().filter(one -> one.getBasicConstraints() < 0).toList();
        return leaves.isEmpty() ? List.of(all.getFirst()) : leaves;
    }

    /// From when all of them count.
    public Instant from() {
        return own.stream()
                .map(one -> one.getNotBefore().toInstant())
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /// When the first of them ends.
    public Instant until() {
        return own.stream()
                .map(one -> one.getNotAfter().toInstant())
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /// How long it counts as a whole.
    public Duration life() {
        return Duration.between(from(), until());
    }

    /// The names that each of them is for.
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>(names(own.getFirst()));
        own.forEach(one -> names.retainAll(names(one)));
        return names;
    }

    /// The DNS names of a certificate, in lower case.
    public static Set<String> names(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? Set.of()
                    : names.stream()
                            .filter(name -> name.getFirst().equals(DNS_NAME))
                            .map(name -> name.get(1).toString().toLowerCase(Locale.ROOT))
                            .collect(Collectors.toCollection(LinkedHashSet::new));
        } catch (GeneralSecurityException _) {
            return Set.of(); // damaged: it is for nobody
        }
    }

    /// Whether no CA stands behind one of them: that of the first run.
    public boolean selfSigned() {
        return own.stream().anyMatch(one -> one.getSubjectX500Principal().equals(one.getIssuerX500Principal()));
    }

    /// Who issued it, in the words of the certificate.
    public String issuer() {
        return own.getFirst().getIssuerX500Principal().getName();
    }

    /// What tells the first from every other one, in hexadecimal.
    public String serial() {
        return own.getFirst().getSerialNumber().toString(16);
    }

    /// The kinds of keys, as Java calls them.
    public Set<String> algorithms() {
        return own.stream().map(one -> one.getPublicKey().getAlgorithm()).collect(Collectors.toSet());
    }
}
