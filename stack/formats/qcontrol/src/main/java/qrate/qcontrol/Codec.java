package qrate.qcontrol;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import qrate.qcontrol.QueueControl.Freedom;
import qrate.qcontrol.QueueControl.Item;
import qrate.qcontrol.QueueControl.Line;
import qrate.qcontrol.QueueControl.Progress;
import qrate.qcontrol.QueueControl.RefusedDomain;
import qrate.qcontrol.QueueControl.Sender;
import qrate.qcontrol.QueueControl.Stat;
import qrate.qcontrol.QueueControl.Traffic;
import qrate.qcontrol.QueueControl.Use;

/// Answers as words, and back.
final class Codec {
    private static final String HELD = "held";
    private static final String FREE = "free";

    /// The same two, with login and reason in two words behind them: for whoever asked for those.
    private static final String HELD_MORE = "held+";

    private static final String FREE_MORE = "free+";

    private static final int TRAFFIC_PARTS = 7;
    private static final int REFUSED_PARTS = 5;

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

    /// @param more whether whoever asks knows of login and reason; a release before does not
    static List<String> items(List<Item> items, boolean more) {
        List<String> words = new ArrayList<>();
        for (Item item : items) {
            words.add("" + item.id());
            words.add("" + item.birth().toEpochMilli());
            words.add(item.sender());
            words.add("" + item.size());
            words.add("" + item.next().toEpochMilli());
            if (more) {
                words.addAll(List.of(item.held() ? HELD_MORE : FREE_MORE, item.login(), item.why()));
            } else {
                words.add(item.held() ? HELD : FREE);
            }
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
                String state = word.next();
                boolean held = held(state);
                boolean more = state.equals(HELD_MORE) || state.equals(FREE_MORE);
                String login = more ? word.next() : "";
                String why = more ? word.next() : "";
                List<Line> lines = new ArrayList<>();
                for (int left = number(word); left > 0; left--) {
                    lines.add(new Line(
                            word.next(), Channel.valueOf(word.next()), Progress.valueOf(word.next()), word.next()));
                }
                items.add(new Item(id, birth, sender, size, next, held, login, why, lines));
            }
        } catch (IllegalArgumentException | NoSuchElementException | DateTimeException e) {
            throw new IOException("qmail-send answers what makes no sense", e);
        }
        return items;
    }

    private static boolean held(String word) {
        return switch (word) {
            case HELD, HELD_MORE -> true;
            case FREE, FREE_MORE -> false;
            default -> throw new IllegalArgumentException("neither held nor free");
        };
    }

    static List<String> senders(List<Sender> senders) {
        List<String> words = new ArrayList<>();
        for (Sender sender : senders) {
            words.add(sender.login());
            words.add(sender.freedom().name());
            words.add("" + sender.since().toEpochMilli());
            words.add(sender.why());
            words.add("" + sender.held());
            words.add("" + sender.uses().size());
            for (Use use : sender.uses()) {
                words.addAll(List.of(use.measure(), "" + use.count(), "" + use.most()));
            }
        }
        return words;
    }

    static List<Sender> readSenders(List<String> words) throws IOException {
        List<Sender> senders = new ArrayList<>();
        Iterator<String> word = words.iterator();
        try {
            while (word.hasNext()) {
                String login = word.next();
                Freedom freedom = Freedom.valueOf(word.next());
                Instant since = Instant.ofEpochMilli(Long.parseLong(word.next()));
                String why = word.next();
                long held = Long.parseLong(word.next());
                List<Use> uses = new ArrayList<>();
                for (int left = number(word); left > 0; left--) {
                    uses.add(new Use(word.next(), Long.parseLong(word.next()), Long.parseLong(word.next())));
                }
                senders.add(new Sender(login, freedom, since, why, held, uses));
            }
        } catch (IllegalArgumentException | NoSuchElementException | DateTimeException e) {
            throw new IOException("qmail-send answers what makes no sense", e);
        }
        return senders;
    }

    /// A domain a word: `DOMAIN RECEIVED BYTES SPAM SENT BYTES BOUNCED`.
    static List<String> traffic(List<Traffic> domains) {
        return domains.stream()
                .map(one -> one.domain() + " " + one.received() + " " + one.receivedBytes() + " " + one.spam() + " "
                        + one.sent() + " " + one.sentBytes() + " " + one.bounced())
                .toList();
    }

    /// Reads that; what a later release may say behind it is passed over.
    static List<Traffic> readTraffic(List<String> words) throws IOException {
        List<Traffic> domains = new ArrayList<>();
        try {
            for (String word : words.subList(0, Math.min(words.size(), QueueControl.DOMAINS_MAX))) {
                String[] parts = word.split(" ", TRAFFIC_PARTS + 1);
                long[] counts = new long[TRAFFIC_PARTS];
                for (int i = 1; i < TRAFFIC_PARTS; i++) {
                    counts[i] = Long.parseUnsignedLong(parts[i]);
                }
                domains.add(new Traffic(parts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6]));
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException("qmail-send answers what makes no sense", e);
        }
        return domains;
    }

    /// A domain a word: `DOMAIN PROVIDER SINCE LAST REPLY`, times in milliseconds.
    static List<String> refused(List<RefusedDomain> domains) {
        return domains.stream()
                .map(one -> one.domain() + " " + one.provider() + " "
                        + one.since().toEpochMilli() + " " + one.last().toEpochMilli() + " " + one.reply())
                .toList();
    }

    static List<RefusedDomain> readRefused(List<String> words) throws IOException {
        List<RefusedDomain> domains = new ArrayList<>();
        try {
            for (String word : words) {
                String[] parts = word.split(" ", REFUSED_PARTS);
                domains.add(new RefusedDomain(
                        parts[0],
                        parts[1],
                        Instant.ofEpochMilli(Long.parseLong(parts[2])),
                        Instant.ofEpochMilli(Long.parseLong(parts[3])),
                        parts[REFUSED_PARTS - 1]));
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException("qmail-send answers what makes no sense", e);
        }
        return domains;
    }

    private static int number(Iterator<String> word) {
        return Integer.parseInt(word.next());
    }
}
