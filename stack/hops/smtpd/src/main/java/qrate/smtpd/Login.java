package qrate.smtpd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import qrate.checkpassword.PasswordChecker;
import qrate.core.Log;
import qrate.smtp.Command;

/// One AUTH exchange (RFC 4954, RFC 4616).
final class Login {
    /// What came of it.
    sealed interface Outcome {
        /// The user is who they say.
        record Known(String address) implements Outcome {}

        /// A wrong password; a few of them end the session.
        record Wrong(String reply) implements Outcome {}

        /// Not a try at all: another mechanism, bad base64, given up, or no way to check now.
        record Failed(String reply) implements Outcome {}

        /// The client has closed, or broken the protocol.
        record Over(String reply) implements Outcome {}
    }

    private sealed interface Response {
        /// What the client answered, decoded.
        final class Given implements Response {
            private final byte[] bytes;

            Given(byte[] bytes) {
                this.bytes = bytes;
            }
        }

        /// The exchange is over before it came to an answer.
        record Instead(Outcome outcome) implements Response {}
    }

    private final ClientStream wire;
    private final PasswordChecker checker;
    private final Log log;
    private final String remote;

    Login(ClientStream wire, PasswordChecker checker, Log log, String remote) {
        this.wire = wire;
        this.checker = checker;
        this.log = log;
        this.remote = remote;
    }

    Outcome run(Command.Auth auth) throws IOException {
        return switch (auth.mechanism()) {
            case "PLAIN" -> plain(auth.initial());
            case "LOGIN" -> login(auth.initial());
            default -> new Outcome.Failed("504 5.5.4 AUTH PLAIN or LOGIN");
        };
    }

    private Outcome plain(String initial) throws IOException {
        return switch (initial.isEmpty() ? ask("334 ") : decode(initial)) {
            case Response.Instead(Outcome outcome) -> outcome;
            case Response.Given given -> plain(given.bytes);
        };
    }

    private Outcome plain(byte[] bytes) {
        int first = indexOfNul(bytes, 0);
        int second = first < 0 ? -1 : indexOfNul(bytes, first + 1);
        if (second < 0 || indexOfNul(bytes, second + 1) >= 0) {
            return new Outcome.Failed("501 5.5.2 that is no PLAIN response");
        }
        byte[] act = Arrays.copyOf(bytes, first);
        byte[] user = Arrays.copyOfRange(bytes, first + 1, second);
        byte[] password = Arrays.copyOfRange(bytes, second + 1, bytes.length);
        Arrays.fill(bytes, (byte) 0);
        if (act.length > 0 && !Arrays.equals(act, user)) {
            Arrays.fill(password, (byte) 0);
            return new Outcome.Wrong("535 5.7.8 no one acts for others here");
        }
        return check(user, password);
    }

    private Outcome login(String initial) throws IOException {
        return switch (initial.isEmpty() ? ask("334 VXNlcm5hbWU6") : decode(initial)) {
            case Response.Instead(Outcome outcome) -> outcome;
            case Response.Given user ->
                switch (ask("334 UGFzc3dvcmQ6")) {
                    case Response.Instead(Outcome outcome) -> outcome;
                    case Response.Given password -> check(user.bytes, password.bytes);
                };
        };
    }

    private static int indexOfNul(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                return i;
            }
        }
        return -1;
    }

    private Response ask(String prompt) throws IOException {
        wire.reply(prompt);
        return switch (wire.line()) {
            case ClientStream.Line.End _ -> new Response.Instead(new Outcome.Over(""));
            case ClientStream.Line.Broken(String reply) -> new Response.Instead(new Outcome.Over(reply));
            case ClientStream.Line.Text(int from, int end) -> {
                String text = new String(wire.buffer(), from, end - from, StandardCharsets.ISO_8859_1);
                Arrays.fill(wire.buffer(), from, end, (byte) 0);
                yield text.equals("*")
                        ? new Response.Instead(new Outcome.Failed("501 5.7.0 given up"))
                        : text.isEmpty() ? new Response.Given(new byte[0]) : decode(text);
            }
        };
    }

    private static Response decode(String base64) {
        try {
            byte[] bytes =
                    base64.equals("=") ? new byte[0] : Base64.getDecoder().decode(base64);
            return new Response.Given(bytes);
        } catch (IllegalArgumentException _) {
            return new Response.Instead(new Outcome.Failed("501 5.5.2 that is no base64"));
        }
    }

    private Outcome check(byte[] user, byte[] password) {
        try {
            String name = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(user))
                    .toString();
            if (name.isEmpty() || name.chars().anyMatch(Character::isISOControl)) {
                return refused("");
            }
            return switch (checker.check(name, password, PasswordChecker.Asker.SMTP, remote)) {
                case PasswordChecker.Answer.Accepted accepted -> {
                    log.line("qmail-smtpd: auth ok login=" + accepted.address() + " remote=" + remote);
                    yield new Outcome.Known(accepted.address());
                }
                case PasswordChecker.Answer.Refused _ -> refused(name);
                case PasswordChecker.Answer.Throttled _ -> {
                    log.line("qmail-smtpd: auth throttled login=" + name + " remote=" + remote);
                    yield new Outcome.Failed("454 4.7.0 too many tries, later please");
                }
                case PasswordChecker.Answer.Unavailable(String why) -> {
                    log.line("qmail-smtpd: auth unavailable remote=" + remote + ": " + why);
                    yield new Outcome.Failed("454 4.7.0 logins cannot be checked now");
                }
            };
        } catch (CharacterCodingException _) {
            return refused("");
        } finally {
            Arrays.fill(password, (byte) 0);
        }
    }

    private Outcome refused(String name) {
        log.line("qmail-smtpd: auth refused login=" + name + " remote=" + remote);
        return new Outcome.Wrong("535 5.7.8 wrong user or password");
    }
}
