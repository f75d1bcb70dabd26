package qrate.qcontrol;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import qrate.qcontrol.QueueControl.Item;
import qrate.qcontrol.QueueControl.Line;
import qrate.qcontrol.QueueControl.Progress;
import qrate.qcontrol.QueueControl.Stat;

/// Answers as words, and back.
final class Codec {
    private static final String HELD = "held";
    private static final String FREE = "free";

    private Codec() {}

    static List<String> stat(Stat stat) {
        return List.of(
                "" + stat.messages(),
                "" + stat.local(),
                "" + stat.localMax(),
                "" + stat.remote(),
                "" + stat.remoteMax());
    }

    static Stat readStat(List<String> words) throws IOException {
        try {
            Iterator<String> word = words.iterator();
            return new Stat(Long.parseLong(word.next()), number(word), number(word), number(word), number(word));
        } catch (IllegalArgumentException | NoSuchElementException e) {
            throw new IOException("qmail-send answers what makes no sense", e);
        }
    }

    static List<String> items(List<Item> items) {
        List<String> words = new ArrayList<>();
        for (Item item : items) {
            words.add("" + item.id());
            words.add("" + item.birth().toEpochMilli());
            words.add(item.sender());
            words.add("" + item.size());
            words.add("" + item.next().toEpochMilli());
            words.add(item.held() ? HELD : FREE);
            words.add("" + item.recipients().size());
            for (Line line : item.recipients()) {
                words.add(line.address());
                words.add(line.channel().name());
                words.add(line.progress().name());
                words.add(line.why());
            }
        }
        return words;
    }

    static List<Item> readItems(List<String> words) throws IOException {
        List<Item> items = new ArrayList<>();
        Iterator<String> word = words.iterator();
        try {
            while (word.hasNext()) {
                long id = Long.parseLong(word.next());
                Instant birth = Instant.ofEpochMilli(Long.parseLong(word.next()));
                String sender = word.next();
                long size = Long.parseLong(word.next());
                Instant next = Instant.ofEpochMilli(Long.parseLong(word.next()));
                boolean held = held(word.next());
                List<Line> lines = new ArrayList<>();
                for (int left = number(word); left > 0; left--) {
                    lines.add(new Line(
                            word.next(), Channel.valueOf(word.next()), Progress.valueOf(word.next()), word.next()));
                }
                items.add(new Item(id, birth, sender, size, next, held, lines));
            }
        } catch (IllegalArgumentException | NoSuchElementException | DateTimeException e) {
            throw new IOException("qmail-send answers what makes no sense", e);
        }
        return items;
    }

    private static boolean held(String word) {
        if (!word.equals(HELD) && !word.equals(FREE)) {
            throw new IllegalArgumentException("neither held nor free");
        }
        return word.equals(HELD);
    }

    private static int number(Iterator<String> word) {
        return Integer.parseInt(word.next());
    }
}
