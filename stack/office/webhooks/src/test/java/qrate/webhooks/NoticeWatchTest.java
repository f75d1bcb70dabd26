package qrate.webhooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoticeWatchTest {
    private static final Notice.About DISK = new Notice.About(Notice.Event.PROBLEM, "disk");
    private static final Notice.About ANN = new Notice.About(Notice.Event.MAILBOX, "ann@example.test");
    private static final Instant T = Instant.parse("2026-06-01T12:00:00Z");

    @TempDir
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(T);

    @Test
    void somethingIsTheSameAsLongAsItLasts() {
        Map<Notice.About, String> found = new HashMap<>(Map.of(DISK, "5 KiB are left"));
        NoticeWatch watch = NoticeWatch.still(List.of(() -> Map.copyOf(found)), now::get);
        watch.look();
        now.set(T.plusSeconds(10));
        found.put(DISK, "4 KiB are left");
        watch.look();
        assertEquals(List.of(new Notice(DISK, T, "4 KiB are left")), watch.notices());
        found.clear();
        watch.look();
        assertEquals(List.of(), watch.notices());
        found.put(DISK, "again");
        watch.look();
        assertEquals(List.of(new Notice(DISK, now.get(), "again")), watch.notices());
    }

    @Test
    void whoDoesNotAnswerHasNotTakenAnythingBack() {
        boolean[] down = {false};
        NoticeWatch watch = NoticeWatch.still(
                List.of(
                        () -> {
                            if (down[0]) {
                                throw new IOException("send does not answer");
                            }
                            return Map.of(ANN, "full");
                        },
                        () -> down[0] ? Map.of(DISK, "full") : Map.of()),
                now::get);
        watch.look();
        down[0] = true;
        watch.look();
        assertEquals(2, watch.notices().size());
    }

    @Test
    void aThousandAreNotMoreThanCanBeTold() {
        Map<Notice.About, String> many = new LinkedHashMap<>();
        for (int i = 0; i < 1000; i++) {
            many.put(new Notice.About(Notice.Event.MAILBOX, i + "@example.test"), "full");
        }
        NoticeWatch watch = NoticeWatch.still(List.of(() -> Map.of(DISK, "full"), () -> many), now::get);
        watch.look();
        assertEquals(NoticeWatch.NOTICES_MAX, watch.notices().size());
        assertEquals(DISK, watch.notices().getFirst().about());
    }

    @Test
    void aFileBringsThemToAnotherProcessAndItsSilenceIsOne() throws IOException {
        Path file = folder.resolve("notices");
        NoticeFile writer = new NoticeFile(file, InstantSource.system());
        assertThrows(IOException.class, writer::notices);
        List<Notice> all = List.of(new Notice(DISK, T, "a b"), new Notice(ANN, T, "96 %"));
        writer.write(all);
        assertEquals(all, writer.notices());
        Files.writeString(file, Files.readString(file) + "damaged\n2026-06-01T12:00:00Z later-kind x y\n");
        assertEquals(all, writer.notices(), "what is not known here is passed over");
        NoticeFile later = new NoticeFile(file, () -> Instant.now().plusSeconds(180));
        Notice silence = later.notices().getLast();
        assertEquals(new Notice.About(Notice.Event.PROBLEM, "admin"), silence.about());
        assertTrue(silence.text().startsWith("has not been heard of since "), silence.text());
    }
}
