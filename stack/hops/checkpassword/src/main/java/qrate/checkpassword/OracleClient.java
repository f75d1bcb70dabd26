package qrate.checkpassword;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import qrate.core.Exchange;
import qrate.core.ExchangeDoor;

/// Asks the {@link Oracle}; holds no hash and no password longer than a question takes.
final class OracleClient implements PasswordChecker {
    /// Longest answer in bytes.
    static final int ANSWER_BYTES_MAX = 4096;

    /// Longest wait for an answer: the oracle gives up before.
    static final Duration ANSWER_WAIT_MAX = Workers.WAIT_MAX.plusSeconds(5);

    private final Path socket;
    private final Path maildirs;

    /// @param maildirs what the oracle's homes are relative to
    OracleClient(Path socket, Path maildirs) {
        this.socket = socket;
        this.maildirs = maildirs.toAbsolutePath().normalize();
    }

    /// Whether the oracle is there.
    boolean answers() {
        return ExchangeDoor.answers(socket);
    }

    @Override
    public Answer check(String login, byte[] password, Asker service, String remote) {
        // no longer than the oracle takes it, and a field of the question each: neither can be anybody's login
        boolean possible = login.length() <= Vchkpw.LOGIN_CHARS_MAX
                && login.indexOf('\0') < 0
                && password.length <= Vchkpw.PASSWORD_BYTES_MAX
                && !Vchkpw.holdsNul(password);
        // another question in its place costs the client the same time, and a try
        byte[] question = possible
                ? question(login, password, service, remote)
                : question("impossible", new byte[] {'-'}, service, remote);
        try {
            return answer(ExchangeDoor.ask(socket, question, ANSWER_BYTES_MAX, ANSWER_WAIT_MAX));
        } catch (IOException e) {
            return new Answer.Unavailable("vchkpw: " + e.getMessage());
        } finally {
            Arrays.fill(question, (byte) 0);
        }
    }

    private static byte[] question(String login, byte[] password, Asker service, String remote) {
        byte[] three = ProgramChecker.login(login, password, "");
        byte[] rest = (service + "\0" + remote.replace('\0', ' ') + "\0").getBytes(UTF_8);
        byte[] question = Arrays.copyOf(three, three.length + rest.length);
        System.arraycopy(rest, 0, question, three.length, rest.length);
        Arrays.fill(three, (byte) 0);
        return question;
    }

    private Answer answer(byte[] frame) throws IOException {
        byte[] rest = frame.length == 0 ? frame : Arrays.copyOfRange(frame, 1, frame.length);
        return switch (frame.length == 0 ? 0 : frame[0]) {
            case '+' -> {
                List<String> texts = Exchange.texts(rest, 2, UTF_8);
                yield Vchkpw.accepted(maildirs, texts.get(0), texts.get(1));
            }
            case '-' -> new Answer.Refused();
            case '~' -> new Answer.Throttled();
            case '?' ->
                new Answer.Unavailable(
                        "vchkpw: " + Exchange.texts(rest, 1, UTF_8).getFirst());
            default -> throw new IOException("no answer");
        };
    }
}
