package qrate.local.deliver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Address;
import qrate.core.Log;
import qrate.core.RealDisk;
import qrate.core.Verdict;
import qrate.local.plan.Homes;
import qrate.maildir.MaildirQuota;
import qrate.snapshots.Directory;
import qrate.snapshots.Vacation;
import qrate.wordings.Wordings;

class QuotaWarningsTest {
    private static final String MAILDIR = "domains/example.test/ann/Maildir";
    private static final MaildirQuota.Limit LIMIT = new MaildirQuota.Limit(1 << 20, 0);

    @TempDir
    Path root;

    private final Map<String, String> said = new TreeMap<>();
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private Instant now = Instant.parse("2026-06-01T12:00:00Z");

    /// A directory of Ann, who reads Chinese or nothing that is known.
    private record Ann(Map<String, String> said, String language) implements Directory {
        @Override
        public Route route(Address address) {
            return address.toString().equals("ann@example.test")
                    ? new Route.Mailbox("ann@example.test", "h", 0, 0, List.of(), true, Vacation.NONE, language)
                    : new Route.NoSuchUser();
        }

        @Override
        public Optional<String> said(String domain, String name) {
            return Optional.ofNullable(said.get(name)).filter(_ -> domain.equals("example.test"));
        }
    }

    @BeforeEach
    void mailbox() throws IOException {
        for (String part : List.of("new", "cur", "tmp")) {
            Files.createDirectories(root.resolve(MAILDIR).resolve(part));
        }
    }

    /// So many bytes in the mailbox.
    private void holds(int bytes) throws IOException {
        Files.write(root.resolve(MAILDIR).resolve("cur/1.x,S=" + bytes + ":2,"), new byte[1]);
    }

    private void warn(MaildirQuota.Limit limit, String language) {
        Log log = new Log(new PrintStream(logged, true, UTF_8), Log.Stamp.NONE, () -> now);
        Maildirs maildirs = new HandMaildirs(new RealDisk(root), "mx", 1, log);
        new QuotaWarnings(new Homes(root), maildirs, new Wordings(new Ann(said, language), log), () -> now, log)
                .warn(root.resolve(MAILDIR), limit);
    }

    private List<String> warnings() throws IOException {
        try (var files = Files.list(root.resolve(MAILDIR + "/new"))) {
            return files.sorted()
                    .map(file -> {
                        try {
                            return Files.readString(file);
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                    })
                    .toList();
        }
    }

    @Test
    void saysHowFullTheMailboxIs() throws Exception {
        holds(970_000);
        new MaildirQuota(root.resolve(MAILDIR), () -> now).fits(LIMIT, 1); // as whoever delivers asks first
        warn(LIMIT, "");
        String warning = warnings().getFirst();
        assertEquals(
                List.of(
                        "Return-Path: <>",
                        "From: <postmaster@example.test>",
                        "To: <ann@example.test>",
                        "Subject: Your mailbox is nearly full (92 %)"),
                warning.lines().limit(4).toList());
        assertTrue(warning.contains("\nAuto-Submitted: auto-generated\n"), warning);
        assertTrue(
                warning.contains("\nYour mailbox ann@example.test holds 947 KB of 1 MB: it is 92 % full.\n"), warning);
        assertTrue(
                Files.readString(root.resolve(MAILDIR + "/maildirsize")).lines().count() > 1, "and it counts itself");
    }

    @Test
    void countsMessagesWhereTheseAreScarcerAndSpeaksItsOwnersLanguage() throws Exception {
        holds(10);
        warn(new MaildirQuota.Limit(1 << 20, 1), "zh-Hant");
        String warning = warnings().getFirst();
        assertTrue(warning.contains("您的信箱 ann@example.test 已使用 1 封郵件，容量上限為 1 封郵件，已達 100%。"), warning);
        assertTrue(warning.contains("\nSubject: =?utf-8?"), warning);
    }

    @Test
    void saysWhatTheDomainSays() throws Exception {
        holds(970_000);
        said.put("quota-subject en", "{percent} of 100");
        said.put("quota-warning en", "Tell {address}: {used} / {limit}");
        warn(LIMIT, "");
        assertTrue(warnings().getFirst().contains("\nSubject: 92 of 100\n"));
        assertTrue(
                warnings().getFirst().endsWith("\n\nTell ann@example.test: 947 KB / 1 MB\n"),
                warnings().getFirst());
    }

    @Test
    void saysItOnceADayWhateverComesAndGoes() throws Exception {
        holds(970_000);
        warn(LIMIT, "");
        now = now.plus(QuotaWarnings.QUIET).minusSeconds(1);
        warn(LIMIT, "");
        assertEquals(1, warnings().size());
        now = now.plusSeconds(1);
        warn(LIMIT, "");
        assertEquals(2, warnings().size());
        now = now.minus(Duration.ofDays(99));
        warn(LIMIT, "");
        assertEquals(3, warnings().size(), "a clock that was set back keeps nobody waiting");
        Files.writeString(root.resolve("domains/example.test/ann/" + QuotaWarnings.FILE), "9".repeat(40));
        warn(LIMIT, "");
        assertEquals(4, warnings().size(), "what is no time is none");
    }

    @Test
    void aWarningThatCannotBeWrittenIsLoggedAndThatIsAll() throws Exception {
        holds(970_000);
        Files.delete(root.resolve(MAILDIR + "/tmp"));
        warn(LIMIT, "");
        assertEquals(List.of(), warnings());
        assertTrue(logged.toString(UTF_8).contains(MAILDIR + ": its owner was not told that it is nearly full"));
        assertFalse(Files.exists(root.resolve("domains/example.test/ann/" + QuotaWarnings.FILE)));
    }

    @Test
    void aDeliveryThatFillsAMailboxWarnsOnceAndOneThatLeavesRoomDoesNot() throws Exception {
        try (Setting setting = new Setting(root.resolve("setting"))) {
            setting.domain("example.org", "ann");
            setting.route("ann@example.org", Setting.mailbox("example.org", "ann", 3000, List.of(), true));
            String to = "example.org-ann@example.org";
            String maildir = "domains/example.org/ann/Maildir";
            assertEquals(
                    'K',
                    setting.deliver("a@b.test", "Subject: x\n\n" + "x".repeat(1500), to)
                            .code());
            assertEquals(1, setting.list(maildir).size());
            assertEquals(
                    'K',
                    setting.deliver("a@b.test", "Subject: x\n\n" + "x".repeat(1200), to)
                            .code());
            assertEquals(3, setting.list(maildir).size(), "the message and the warning");
            assertEquals(
                    new Verdict.Never("Mailbox is over its quota. (#5.2.2)").code(),
                    setting.deliver("a@b.test", "Subject: x\n\n" + "x".repeat(1000), to)
                            .code());
            assertEquals(3, setting.list(maildir).size(), "it was warned of");
        }
    }
}
