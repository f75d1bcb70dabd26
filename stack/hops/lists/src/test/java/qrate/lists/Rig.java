package qrate.lists;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import qrate.core.Address;
import qrate.core.Body;
import qrate.core.Envelope;
import qrate.core.Launcher;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Verdict;
import qrate.snapshots.Directory;
import qrate.wordings.Wordings;

/// The list `team@example.test` in a folder, with a clock of its own and a queue that keeps what it gets.
final class Rig {
    static final String ANN = "ann@example.org";

    record Sent(Envelope envelope, String text) {}

    final Path home;
    final List<Sent> queue = new ArrayList<>();
    final Lists lists;
    Instant now = Instant.parse("2026-06-01T12:00:00Z");
    Verdict answer = new Verdict.Delivered("ok 1 qp 2");
    String said = "";
    final Map<String, String> more = new TreeMap<>();
    Optional<String> base = Optional.empty();
    final Map<String, String> domainSays = new TreeMap<>();
    private final Wordings wordings = new Wordings(new Saying(domainSays), Log.silent());

    /// A directory of nobody, whose domains say something.
    private record Saying(Map<String, String> texts) implements Directory {
        @Override
        public Route route(Address address) {
            return new Route.NotOurs();
        }

        @Override
        public Optional<String> said(String domain, String name) {
            return Optional.ofNullable(texts.get(name)).filter(_ -> domain.equals("example.test"));
        }
    }

    Rig(Path folder, String... options) throws Exception {
        home = Files.createDirectories(folder.resolve("domains/example.test"));
        lists = new Lists(
                this::accept,
                () -> now,
                new SecureRandom(),
                Log.silent(),
                new Lists.House(() -> base, () -> Optional.of("mx.example.test"), wordings));
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of(dir().toString(), home.resolve(".qmail-team").toString(), "team", "example.test"));
        int code = make(arguments.toArray(String[]::new));
        if (code != 0) {
            throw new IOException("ezmlm-make: " + code + said);
        }
    }

    /// `ezmlm-make`.
    int make(String... arguments) {
        List<String> words = new ArrayList<>(List.of(arguments));
        words.addFirst("ezmlm-make");
        int code = Launcher.run(
                Map.of("ezmlm-make", new Make((_, _, _) -> 0, new SecureRandom())),
                words.toArray(String[]::new),
                io(Map.of(), ""));
        said = out.toString(UTF_8);
        return code;
    }

    /// What answers links, on the same queue.
    OneClick door() {
        return new OneClick(
                () -> base, a -> a.domain().equals("example.test"), this::accept, () -> now, new SecureRandom());
    }

    /// What pages say a moderator's decision by, on the same queue.
    Decisions decisions() {
        return new Decisions(this::accept, () -> now, new SecureRandom());
    }

    /// What pages see.
    ListLook look() {
        return ListLook.at(home.getParent().getParent(), "team@example.test").orElseThrow();
    }

    /// Hands the last message, which a page wrote to the list, to the program behind its address.
    int decided() throws Exception {
        String to = last().envelope().recipients().getFirst().address();
        String stem = to.substring(0, "team-accept-".length());
        String rest = to.substring(stem.length(), to.indexOf('@'));
        return mail("ezmlm-moderate", last().envelope().sender(), stem, rest, last().text());
    }

    Path dir() {
        return home.resolve("team");
    }

    private Verdict accept(Envelope envelope, Body body) {
        if (answer instanceof Verdict.Delivered) {
            try (InputStream in = body.open()) {
                byte[] bytes = in.readAllBytes();
                if (bytes.length != body.size()) {
                    throw new IllegalStateException("size says " + body.size() + ", it has " + bytes.length);
                }
                queue.add(new Sent(envelope, new String(bytes, UTF_8)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return answer;
    }

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Program.Stdio io(Map<String, String> environment, String message) {
        out.reset();
        PrintStream print = new PrintStream(out, true, UTF_8);
        return new Program.Stdio(environment, new ByteArrayInputStream(message.getBytes(UTF_8)), print, print);
    }

    /// A command by hand.
    int hand(String name, String... arguments) throws Exception {
        int code = lists.byHand().get(name).run(List.of(arguments), io(Map.of(), ""));
        said = out.toString(UTF_8);
        return code;
    }

    /// A program as a `.qmail` line runs it; `stem` is `team-`, `team-return-`…
    int mail(String program, String sender, String stem, String rest, String message) throws Exception {
        Map<String, String> environment = new TreeMap<>(Map.of(
                "SENDER",
                sender,
                "EXT",
                stem + rest,
                "DEFAULT",
                rest,
                "HOME",
                home.toString(),
                "HOST",
                "example.test"));
        environment.putAll(more);
        int code = lists.inDelivery().get(program).run(List.of("team"), io(environment, message));
        said = out.toString(UTF_8);
        return code;
    }

    int command(String sender, String rest) throws Exception {
        return mail("ezmlm-manage", sender, "team-", rest, "Subject: x\n\n");
    }

    int post(String sender, String message) throws Exception {
        return mail("ezmlm-send", sender, "team", "", message);
    }

    Sent last() {
        return queue.getLast();
    }

    /// The local part behind `team-` that answers to the last letter go to.
    String replyTo() {
        String text = last().text();
        int from = text.indexOf("\nReply-To: team-") + "\nReply-To: team-".length();
        return text.substring(from, text.indexOf("@example.test\n", from));
    }

    String subscribers() throws Exception {
        hand("ezmlm-list", dir().toString());
        return said;
    }

    void later(Duration time) {
        now = now.plus(time);
    }
}
