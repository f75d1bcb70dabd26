package qrate.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class IndexMemoryTest {
    private static final int MESSAGES = 1_000_000;
    private static final int BYTES_A_MESSAGE_MAX = 150;

    private static long used() {
        Runtime.getRuntime().gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void holdsAMillionMessagesInAFewBytesEach() {
        long before = used();
        Index index = new Index();
        Segment segment = new Segment(1, 1, 0);
        Entry.Stored stored = new Entry.Stored.Inline(0, 1000);
        long first = 1_764_000_000_000_000L;
        for (int i = 0; i < MESSAGES; i++) {
            Entry.Message message = new Entry.Message(first + i, 0, i, 0, 1 + i % 3, stored, List.of());
            index.apply(message, new Index.Place(segment, i, 1000));
        }
        long each = (used() - before) / MESSAGES;
        assertTrue(each < BYTES_A_MESSAGE_MAX, each + " bytes a message");
        for (int i = 0; i < MESSAGES; i += 2) {
            index.apply(new Entry.Dropped(first + i), new Index.Place(segment, 0, 20));
        }
        assertEquals(MESSAGES / 2, index.size());
        for (int i = 0; i < MESSAGES; i++) {
            assertEquals(i % 2 == 1, index.get(first + i).isPresent());
        }
        assertEquals(MESSAGES / 2, segment.live);
    }
}
