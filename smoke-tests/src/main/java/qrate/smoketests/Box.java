package qrate.smoketests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/// The mailbox under test, read byte by byte by POP3S.
final class Box {
    /// Longest wait for a message.
    static final Duration ARRIVAL_MAX = Duration.ofSeconds(30);

    /// Newest messages looked at; a mailbox with a past stays quick to search.
    static final int SEARCHED_MAX = 200;

    private static final Duration POLL = Duration.ofMillis(200);

    private final Target target;
    private final Target.Login login;

    Box(Target target, Target.Login login) {
        this.target = target;
        this.login = login;
    }

    /// Waits for the message whose header has this line, and gives its bytes, lines ended by CRLF.
    byte[] arrived(String headerLine) throws IOException {
        try {
            return Awaitility.await()
                    .atMost(ARRIVAL_MAX)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(POLL)
                    .until(() -> find(headerLine), Optional::isPresent)
                    .orElseThrow();
        } catch (ConditionTimeoutException e) {
            throw new IOException("nothing arrived in " + ARRIVAL_MAX.toSeconds() + " s", e);
        }
    }

    /// The unique id of the message whose header has this line.
    Optional<String> uid(String headerLine) throws IOException {
        try (RawClient wire = open()) {
            List<Integer> numbers = numbers(wire, headerLine);
            Optional<String> uid = Optional.empty();
            if (!numbers.isEmpty()) {
                String answer = wire.pop3("UIDL " + numbers.getFirst(), "+OK");
                uid = Optional.of(answer.substring(answer.lastIndexOf(' ') + 1));
            }
            wire.pop3("QUIT", "+OK");
            return uid;
        }
    }

    /// Deletes all messages whose header has this line.
    ///
    /// @return how many
    int delete(String headerLine) throws IOException {
        try (RawClient wire = open()) {
            List<Integer> numbers = numbers(wire, headerLine);
            for (int number : numbers) {
                wire.pop3("DELE " + number, "+OK");
            }
            wire.pop3("QUIT", "+OK");
            return numbers.size();
        }
    }

    /// How many messages have this header line.
    int count(String headerLine) throws IOException {
        try (RawClient wire = open()) {
            int count = numbers(wire, headerLine).size();
            wire.pop3("QUIT", "+OK");
            return count;
        }
    }

    /// Logs in and leaves again.
    void visit() throws IOException {
        try (RawClient wire = open()) {
            wire.pop3("QUIT", "+OK");
        }
    }

    private RawClient open() throws IOException {
        RawClient wire = RawClient.secured(target, target.ports().pop3s());
        try {
            wire.line();
            wire.pop3("USER " + login.address(), "+OK");
            wire.pop3("PASS " + login.password(), "+OK");
            return wire;
        } catch (IOException e) {
            wire.close();
            throw e;
        }
    }

    private Optional<byte[]> find(String headerLine) throws IOException {
        try (RawClient wire = open()) {
            List<Integer> numbers = numbers(wire, headerLine);
            Optional<byte[]> message = Optional.empty();
            if (!numbers.isEmpty()) {
                wire.pop3("RETR " + numbers.getFirst(), "+OK");
                message = Optional.of(wire.pop3Lines());
            }
            wire.pop3("QUIT", "+OK");
            return message;
        }
    }

    private static List<Integer> numbers(RawClient wire, String headerLine) throws IOException {
        int highest = Integer.parseInt(wire.pop3("STAT", "+OK").split(" ", -1)[1]);
        List<Integer> found = new ArrayList<>();
        for (int n = highest; n > Math.max(0, highest - SEARCHED_MAX); n--) {
            wire.pop3("TOP " + n + " 0", "+OK");
            String header = new String(wire.pop3Lines(), StandardCharsets.UTF_8);
            if (("\r\n" + header).contains("\r\n" + headerLine + "\r\n")) {
                found.add(n);
            }
        }
        return found;
    }
}
