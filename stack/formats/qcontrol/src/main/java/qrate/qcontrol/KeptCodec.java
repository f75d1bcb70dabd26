package qrate.qcontrol;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import qrate.qcontrol.Quarantine.About;
import qrate.qcontrol.Quarantine.Kept;
import qrate.qcontrol.Quarantine.Part;

/// What was put aside, as words, and back.
final class KeptCodec {
    private KeptCodec() {}

    static List<String> words(Part part) {
        List<String> words = new ArrayList<>(List.of("" + part.next()));
        for (Kept kept : part.messages()) {
            words.add("" + kept.id());
            words.addAll(
                    List.of("" + kept.since().toEpochMilli(), "" + kept.stay().days()));
            words.addAll(List.of(kept.sender(), "" + kept.size(), kept.why()));
            About about = kept.about();
            words.addAll(List.of(about.from(), about.to(), about.date(), about.subject()));
            for (List<String> texts : List.of(kept.results(), kept.recipients())) {
                words.add("" + texts.size());
                words.addAll(texts);
            }
        }
        return words;
    }

    static Part read(List<String> words) throws IOException {
        List<Kept> messages = new ArrayList<>();
        Iterator<String> word = words.iterator();
        try {
            long next = Long.parseLong(word.next());
            while (word.hasNext()) {
                long id = Long.parseLong(word.next());
                Quarantine.Stay stay = new Quarantine.Stay(
                        Instant.ofEpochMilli(Long.parseLong(word.next())), Integer.parseInt(word.next()));
                String sender = word.next();
                long size = Long.parseLong(word.next());
                String why = word.next();
                About about = new About(word.next(), word.next(), word.next(), word.next());
                messages.add(new Kept(id, stay, sender, size, why, about, texts(word), texts(word)));
            }
            return new Part(messages, next);
        } catch (IllegalArgumentException | NoSuchElementException | DateTimeException e) {
            throw new IOException("qmail-send answers what makes no sense", e);
        }
    }

    private static List<String> texts(Iterator<String> word) {
        List<String> texts = new ArrayList<>();
        for (int left = Integer.parseInt(word.next()); left > 0; left--) {
            texts.add(word.next());
        }
        return texts;
    }
}
