package qrate.checkpassword;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import qrate.checkpassword.PasswordChecker.Answer;
import qrate.checkpassword.PasswordChecker.Asker;
import qrate.core.Exchange;
import qrate.core.ExchangeDoor;
import qrate.core.Log;

/// The password oracle: the only one who holds hashes tells others whether a login is right, on a Unix socket.
///
/// A question is what checkpassword has on descriptor 3 (login, password, timestamp), then the door and the client's
/// address, each ended by NUL, then the end. The answer is `+`, address and home below the maildirs; `-` for no; `~`
/// for too many tries; `?` and why it cannot be told now; the texts ended by NUL. One question a connection, which
/// {@link Workers} let wait.
public final class Oracle {
    /// Name of the socket in its folder.
    static final String SOCKET = "vchkpw.sock";

    /// Name of the file of {@link Known} beside it.
    static final String KNOWN = "known";

    /// Questions at once from one user of the system; the next is told to come later.
    static final int PER_USER_MAX = 512;

    /// Longest wait for a question to be whole.
    static final Duration QUESTION_WAIT_MAX = Duration.ofSeconds(2);

    /// Longest question in bytes.
    static final int QUESTION_BYTES_MAX = 2048;

    private static final int QUESTION_TEXTS = 5;

    private final PasswordChecker checker;
    private final Path maildirs;

    private Oracle(PasswordChecker checker, Path maildirs) {
        this.checker = checker;
        this.maildirs = maildirs.toAbsolutePath().normalize();
    }

    /// Listens from now on.
    ///
    /// @param maildirs what homes are told relative to
    static ExchangeDoor start(PasswordChecker checker, Path socket, Path maildirs, Log log) throws IOException {
        ExchangeDoor.Terms terms =
                new ExchangeDoor.Terms("vchkpwd", PER_USER_MAX, QUESTION_BYTES_MAX, QUESTION_WAIT_MAX);
        return ExchangeDoor.start(socket, terms, new Oracle(checker, maildirs)::answer, log);
    }

    private String answer(byte[] question) throws IOException {
        // one char a byte: a password need not be text
        List<String> said = Exchange.texts(question, QUESTION_TEXTS, ISO_8859_1);
        byte[] password = said.get(1).getBytes(ISO_8859_1);
        Arrays.fill(question, (byte) 0);
        try {
            Asker asker = Asker.valueOf(said.get(3));
            String login = new String(said.get(0).getBytes(ISO_8859_1), UTF_8);
            return text(checker.check(login, password, asker, said.get(4)));
        } finally {
            Arrays.fill(password, (byte) 0);
        }
    }

    private String text(Answer answer) {
        return switch (answer) {
            case Answer.Accepted(String address, Path home) -> "+" + address + "\0" + maildirs.relativize(home) + "\0";
            case Answer.Refused _ -> "-";
            case Answer.Throttled _ -> "~";
            case Answer.Unavailable(String why) -> "?" + why.replace('\0', ' ') + "\0";
        };
    }
}
