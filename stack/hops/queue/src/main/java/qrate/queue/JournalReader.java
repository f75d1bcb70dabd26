package qrate.queue;

import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import qrate.core.Body;
import qrate.core.Disk;

/// Reads messages back out of the journal, with how far each got.
final class JournalReader {
    private final Disk disk;
    private final Index index;
    private final Bodies bodies;

    JournalReader(Disk disk, Index index, Bodies bodies) {
        this.disk = disk;
        this.index = index;
        this.bodies = bodies;
    }

    /// The record of a message as it stands.
    byte[] content(Index.Slot slot) throws IOException {
        return Frame.read(disk, slot.segment.file(), slot.segment.tag(), slot.offset);
    }

    Queue.Message message(Index.Slot slot, byte[] content) throws IOException, Entry.Nonsense {
        if (!(Entry.decode(content) instanceof Entry.Message message) || message.id() != slot.id) {
            throw new Entry.Nonsense("another record stands in its place");
        }
        Body body = switch (message.body()) {
            case Entry.Stored.Inline(int at, int size) -> Body.of(Arrays.copyOfRange(content, at, at + size));
            case Entry.Stored.File file -> bodies.body(slot.id, file);
        };
        Instant birth = Instant.ofEpochMilli(message.birth());
        return new Queue.Message(slot.id, birth, Entry.envelope(content), body, states(slot), slot.warned);
    }

    private List<Queue.State> states(Index.Slot slot) throws IOException, Entry.Nonsense {
        Queue.State[] states = new Queue.State[slot.recipients];
        List<Index.Place> reasons;
        synchronized (index) {
            for (int i = 0; i < states.length; i++) {
                states[i] = slot.over(i)
                        ? slot.refused(i) ? new Queue.State.Refused("") : new Queue.State.Delivered()
                        : new Queue.State.Pending();
            }
            reasons = slot.reasons();
        }
        for (Index.Place place : reasons.reversed()) {
            Segment segment = place.segment();
            byte[] content = Frame.read(disk, segment.file(), segment.tag(), place.offset());
            for (Queue.Ending ending : endings(Entry.decode(content))) {
                // the first ending of a recipient counts: going backwards, it is the one that stays
                if (ending instanceof Queue.Ending.Failed(int n, String why) && n < states.length && slot.refused(n)) {
                    states[n] = states[n] instanceof Queue.State.Refused ? new Queue.State.Refused(why) : states[n];
                }
            }
        }
        return List.of(states);
    }

    private static List<Queue.Ending> endings(Entry entry) {
        return switch (entry) {
            case Entry.Settled settled -> settled.endings();
            case Entry.Message message -> message.endings();
            case Entry.Deferred _, Entry.Dropped _, Entry.Held _, Entry.Traced _ -> List.of();
        };
    }
}
