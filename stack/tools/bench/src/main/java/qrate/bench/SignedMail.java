package qrate.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import qrate.core.Body;
import qrate.dkim.Algorithm;
import qrate.dkim.Content;
import qrate.dkim.DkimKeys;
import qrate.dkim.Limits;
import qrate.dkim.Signing;
import qrate.dkim.SigningKey;
import qrate.message.TraceFields;

/// A message that passes SPF, DKIM and DMARC, and what its domain publishes. Signed with RSA-2048 alone, as most mail
/// of others is.
///
/// @param text its lines, each with CRLF
/// @param key the record of its key
record SignedMail(String text, String key) {
    /// The domain of the generator's sender.
    static final String DOMAIN = "client.test";

    static final String KEY_NAME = "k._domainkey." + DOMAIN;

    static final String POLICY_NAME = "_dmarc." + DOMAIN;
    static final String POLICY = "v=DMARC1; p=reject";
    static final String SPF = "v=spf1 ip4:127.0.0.0/8 -all";

    static SignedMail of(SmtpLoad load) throws IOException {
        try {
            PrivateKey secret = DkimKeys.generate(Algorithm.RSA_SHA256, new SecureRandom());
            Instant now = Instant.now();
            String message = "From: a@" + DOMAIN + "\nTo: u@" + Server.DOMAIN + "\nSubject: load\n"
                    + TraceFields.date(now) + TraceFields.messageId("1", DOMAIN) + "\n"
                    + load.body().replace("\r", "");
            SigningKey key = new SigningKey(DOMAIN, "k", Algorithm.RSA_SHA256);
            Content content = Content.of(
                    Body.of(message.getBytes(ISO_8859_1)), Content.Form.SENT, Limits.USUAL, List.of(Signing::wanted));
            Signing.Signed signed = Signing.sign(
                    content,
                    Signing.Terms.usual(List.of(key)),
                    (names, hash) -> {
                        try {
                            return names.algorithm().sign(secret, hash);
                        } catch (GeneralSecurityException e) {
                            throw new IOException(e);
                        }
                    },
                    now);
            return switch (signed) {
                case Signing.Signed.Done(var fields) ->
                    new SignedMail((fields + message).replace("\n", "\r\n"), DkimKeys.record(secret));
                case Signing.Signed.Refused(var why) -> throw new IOException(why);
            };
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }
}
