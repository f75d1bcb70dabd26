package qrate.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Log;
import qrate.gate.Greylist.Triple;
import qrate.testkit.Seeds;

class GreylistTest {
    private static final Duration DELAY = Duration.ofMinutes(5);
    private static final Triple ANN = new Triple("192.0.2.0/24", "ann@x.test", "bob@here.test");

    @TempDir
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-30T12:00:00Z"));
    private final InstantSource clock = now::get;
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private final Log log = new Log(new PrintStream(lines, true, StandardCharsets.UTF_8), Log.Stamp.NONE, clock);

    private final List<Greylist> opened = new ArrayList<>();

    private Greylist open() {
        opened.add(Greylist.open(file(), clock, log));
        return opened.getLast();
    }

    /// What is written beside the test must not come when its folder goes.
    @AfterEach
    void close() {
        opened.forEach(Greylist::close);
    }

    private Path file() {
        return folder.resolve("greylist");
    }

    private String logged() {
        return lines.toString(StandardCharsets.UTF_8);
    }

    private void later(Duration time) {
        now.updateAndGet(at -> at.plus(time));
    }

    private static void waits(Greylist list, Triple triple, Duration left) {
        assertEquals(Optional.of(left), list.ask(triple, DELAY), triple.toString());
    }

    private static void passes(Greylist list, Triple triple) {
        assertEquals(Optional.empty(), list.ask(triple, DELAY), triple.toString());
    }

    @Test
    void aStrangerWaitsOnceAndIsKnownFromThenOn() {
        Greylist list = open();
        waits(list, ANN, DELAY);
        later(Duration.ofMinutes(4));
        waits(list, ANN, Duration.ofMinutes(1));
        later(Duration.ofMinutes(1));
        passes(list, ANN);
        passes(list, new Triple("192.0.2.0/24", "Ann@X.test", "BOB@here.test"));
        later(Greylist.KNOWN_MAX);
        passes(list, ANN);
        later(Greylist.KNOWN_MAX.plusSeconds(1));
        waits(list, ANN, DELAY);
    }

    @Test
    void whoComesAgainTooLateIsAStrangerAgain() {
        Greylist list = open();
        waits(list, ANN, DELAY);
        later(Greylist.RETRY_MAX.plusSeconds(1));
        waits(list, ANN, DELAY);
        later(Greylist.RETRY_MAX);
        passes(list, ANN);
    }

    @Test
    void anotherOriginSenderOrRecipientIsAnotherStranger() {
        Greylist list = open();
        waits(list, ANN, DELAY);
        later(DELAY);
        passes(list, ANN);
        waits(list, new Triple("198.51.100.0/24", ANN.sender(), ANN.recipient()), DELAY);
        waits(list, new Triple(ANN.origin(), "eve@x.test", ANN.recipient()), DELAY);
        waits(list, new Triple(ANN.origin(), ANN.sender(), "eve@here.test"), DELAY);
    }

    @Test
    void anOriginThatHasPassedOftenEnoughIsKnownAsAWhole() {
        Greylist list = open();
        for (int i = 0; i < Greylist.PASSES; i++) {
            Triple triple = new Triple(ANN.origin(), i + "@x.test", ANN.recipient());
            waits(list, triple, DELAY);
            later(DELAY);
            passes(list, triple);
            passes(list, triple);
            later(Greylist.PASSES_APART.minus(DELAY));
        }
        passes(list, new Triple(ANN.origin(), "new@y.test", "eve@here.test"));
        waits(list, new Triple("198.51.100.0/24", "new@y.test", "eve@here.test"), DELAY);
        later(Greylist.KNOWN_MAX.plusSeconds(1));
        waits(list, new Triple(ANN.origin(), "new@y.test", "eve@here.test"), DELAY);
    }

    @Test
    void aBurstOfMailCountsOnce() {
        Greylist list = open();
        for (int i = 0; i < 3 * Greylist.PASSES; i++) {
            waits(list, new Triple(ANN.origin(), i + "@x.test", ANN.recipient()), DELAY);
        }
        later(DELAY);
        for (int i = 0; i < 3 * Greylist.PASSES; i++) {
            passes(list, new Triple(ANN.origin(), i + "@x.test", ANN.recipient()));
        }
        waits(list, new Triple(ANN.origin(), "new@y.test", ANN.recipient()), DELAY);
    }

    @Test
    void aClockThatWentBackMakesStrangersOfAllAndHoldsNobodyForLonger() {
        Greylist list = open();
        waits(list, ANN, DELAY);
        later(Duration.ofDays(-3));
        waits(list, ANN, DELAY);
        later(DELAY);
        passes(list, ANN);
    }

    @Test
    void itIsKnownAfterARestart() {
        try (Greylist list = open()) {
            waits(list, ANN, DELAY);
            later(DELAY);
            passes(list, ANN);
        }
        passes(open(), ANN);
        assertEquals("", logged());
    }

    @Test
    void aCrashCostsTheLastMinutesAtMost() {
        Greylist list = open();
        waits(list, ANN, DELAY);
        later(Greylist.WRITTEN_EVERY);
        passes(list, ANN);
        Awaitility.await().until(() -> Files.exists(file()));
        passes(open(), ANN);
    }

    @Test
    void aFileThatIsLostOrDamagedMakesStrangersWaitOnceMore() throws IOException {
        try (Greylist list = open()) {
            waits(list, ANN, DELAY);
        }
        byte[] good = Files.readAllBytes(file());
        later(DELAY);
        passes(open(), ANN);
        Seeds.forAll(200, random -> {
            byte[] bad = good.clone();
            bad[random.nextInt(bad.length)] ^= (byte) (1 + random.nextInt(255));
            try {
                Files.write(file(), random.nextBoolean() ? bad : Arrays.copyOf(good, random.nextInt(good.length)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            waits(open(), ANN, DELAY);
        });
        assertTrue(logged().lines().allMatch(line -> line.contains("the greylist begins anew")), logged());
        assertTrue(logged().lines().count() >= 200);
        Files.delete(file());
        waits(open(), ANN, DELAY);
    }

    @Test
    void aFolderThatIsNotThereIsLoggedAndDoesNoHarm() {
        Greylist list = Greylist.open(folder.resolve("none/greylist"), clock, log);
        waits(list, ANN, DELAY);
        list.close();
        later(DELAY);
        passes(list, ANN);
        assertTrue(logged().startsWith("gate: warning: unable to keep the greylist, will try again: "), logged());
    }

    @Test
    void aFloodOfStrangersTakesNoMoreThanItsRoomAndMakesNobodyForgottenWhoIsKnown() throws IOException {
        Greylist list = open();
        for (int i = 0; i < Greylist.PASSES; i++) {
            waits(list, new Triple(ANN.origin(), i + "@x.test", ""), DELAY);
            later(Greylist.PASSES_APART);
            passes(list, new Triple(ANN.origin(), i + "@x.test", ""));
        }
        for (int i = 0; i < Greylist.ENTRIES_MAX + 100; i++) {
            list.ask(new Triple("2001:db8::/64", i + "@flood.test", ""), DELAY);
        }
        passes(list, ANN);
        list.close();
        assertTrue(Files.size(file()) < 600_000, Files.size(file()) + " bytes");
        waits(open(), new Triple("2001:db8::/64", "0@flood.test", ""), DELAY);
    }
}
