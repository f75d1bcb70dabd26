package qrate.acme;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import qrate.certificate.Installed;
import qrate.certificate.Pair;
import qrate.certificate.Settings;

/// Looks at what a CA issued before it is used.
final class Checked {
    /// Longest chain.
    static final int CHAIN_MAX = 10;

    private Checked() {}

    /// Returns if pairs can take the place of those in use.
    ///
    /// @throws IOException says what is wrong with one
    static void check(List<Pair> pairs, Settings settings, Instant now) throws IOException {
        if (pairs.size() != settings.kinds().size()) {
            throw new IOException("the CA issued " + pairs.size() + " certificates, not "
                    + settings.kinds().size());
        }
        for (Pair pair : pairs) {
            check(pair, settings, now);
        }
    }

    private static void check(Pair pair, Settings settings, Instant now) throws IOException {
        if (pair.chain().isEmpty() || pair.chain().size() > CHAIN_MAX) {
            throw new IOException("the CA issued " + pair.chain().size() + " certificates in a chain");
        }
        X509Certificate own = pair.chain().getFirst();
        try {
            own.checkValidity(Date.from(now));
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "the CA's certificate counts from " + own.getNotBefore().toInstant() + " until "
                            + own.getNotAfter().toInstant() + ", and it is " + now + " here",
                    e);
        }
        Set<String> names = Installed.names(own);
        for (String name : settings.names()) {
            if (!names.contains(name)) {
                throw new IOException("the CA's certificate is for " + names + ", not for " + name);
            }
        }
        try {
            if (!belongs(pair, own)) {
                throw new IOException("the CA's certificate is for another key");
            }
            for (int i = 1; i < pair.chain().size(); i++) {
                pair.chain().get(i - 1).verify(pair.chain().get(i).getPublicKey());
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("the CA's certificate does not fit its chain or its key: " + e.getMessage(), e);
        }
    }

    /// Whether what the key signs the certificate verifies.
    private static boolean belongs(Pair pair, X509Certificate own) throws GeneralSecurityException {
        if (!pair.key().getAlgorithm().equals(own.getPublicKey().getAlgorithm())) {
            return false;
        }
        Signature signature =
                Signature.getInstance(pair.key().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
        byte[] sample = {1, 2, 3};
        signature.initSign(pair.key());
        signature.update(sample);
        byte[] signed = signature.sign();
        signature.initVerify(own.getPublicKey());
        signature.update(sample);
        return signature.verify(signed);
    }
}
