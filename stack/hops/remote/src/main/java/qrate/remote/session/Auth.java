package qrate.remote.session;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import qrate.remote.routes.Routes;
import qrate.smtp.ReplyReader.Reply;

/// Logs in at a relay (RFC 4954) by the first of its mechanisms that it takes: PLAIN, LOGIN (all that some large
/// providers have), CRAM-MD5. Only over TLS with a certificate that was checked, so that the password is for the relay
/// alone.
final class Auth {
    /// Longest command with an initial response, in characters (RFC 5321 §4.5.3.1.4 allows 512 with CRLF).
    private static final int COMMAND_CHARS_MAX = 500;

    private static final int CONTINUE = 334;
    private static final int DONE = 235;

    /// A mechanism that the server does not do after all.
    private static final int NO_SUCH_MECHANISM = 504;

    private enum Mechanism {
        PLAIN("PLAIN"),
        LOGIN("LOGIN"),
        CRAM_MD5("CRAM-MD5");

        final String word;

        Mechanism(String word) {
            this.word = word;
        }
    }

    private final Session session;
    private final Routes.Login login;

    Auth(Session session, Routes.Login login) {
        this.session = session;
        this.login = login;
    }

    /// Logs in.
    ///
    /// @return empty when the server has no mechanism that is known here
    Optional<Reply> run() throws IOException {
        Optional<Reply> last = Optional.empty();
        for (Mechanism mechanism : Mechanism.values()) {
            if (session.offered().has("AUTH", mechanism.word)) {
                Reply reply = with(mechanism);
                last = Optional.of(reply);
                if (reply.code() != NO_SUCH_MECHANISM) {
                    break;
                }
            }
        }
        return last;
    }

    static boolean isDone(Reply reply) {
        return reply.code() == DONE;
    }

    private Reply with(Mechanism mechanism) throws IOException {
        return switch (mechanism) {
            case PLAIN -> {
                String secret = base64("\0" + login.user() + "\0" + login.password());
                String all = "AUTH PLAIN " + secret;
                yield all.length() <= COMMAND_CHARS_MAX ? session.command(all) : ask("AUTH PLAIN", List.of(secret));
            }
            case LOGIN -> ask("AUTH LOGIN", List.of(base64(login.user()), base64(login.password())));
            case CRAM_MD5 -> {
                Reply challenge = session.command("AUTH CRAM-MD5");
                yield challenge.code() == CONTINUE
                        ? session.command(digest(challenge.lines().getFirst().strip()))
                        : challenge;
            }
        };
    }

    private Reply ask(String command, List<String> answers) throws IOException {
        Reply reply = session.command(command);
        for (String answer : answers) {
            if (reply.code() != CONTINUE) {
                break;
            }
            reply = session.command(answer);
        }
        return reply;
    }

    /// The answer to a challenge (RFC 2195 §2); `*` gives up on one that is none (RFC 4954 §4).
    private String digest(String challenge) {
        try {
            Mac mac = Mac.getInstance("HmacMD5");
            mac.init(new SecretKeySpec(login.password().getBytes(StandardCharsets.UTF_8), "HmacMD5"));
            byte[] digest = mac.doFinal(Base64.getDecoder().decode(challenge));
            return base64(login.user() + " " + HexFormat.of().formatHex(digest));
        } catch (IllegalArgumentException _) {
            return "*";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacMD5", e);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
