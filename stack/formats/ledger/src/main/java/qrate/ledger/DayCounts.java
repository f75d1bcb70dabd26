package qrate.ledger;

import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import qrate.core.Disk;
import qrate.core.DomainName;
import qrate.qcontrol.QueueControl;
import qrate.qcontrol.QueueControl.Traffic;

/// Counts a day's mail by domain from the ledger's file of that day: writing a line costs no more for it, and who
/// asks again about the same day gets what was counted and what came meanwhile.
///
/// A message is known by what its day says of it: of one that came in the day before, its delivery counts without
/// bytes. What a crash tore from the ledger's end is not counted.
final class DayCounts {
    /// Most messages in the queue whose size and sender are remembered; of more, those that came last.
    static final int MESSAGES_MAX = 50_000;

    private final Disk disk;
    private LocalDate day = LocalDate.MIN;
    private LedgerReader reader;
    private Lines lines = new Lines();

    DayCounts(Disk disk) {
        this.disk = disk;
        this.reader = new LedgerReader(disk);
    }

    /// The counts of a day so far, by domain.
    synchronized List<Traffic> of(LocalDate wanted) throws IOException {
        if (!day.equals(wanted)) {
            reader = new LedgerReader(disk);
            lines = new Lines();
            day = wanted;
        }
        reader.read(day, lines::take);
        return lines.counted();
    }

    /// A message in the queue.
    private static final class Message {
        private final String sender;
        private final long bytes;
        private boolean spam;
        /// of the user who wrote it, or empty
        private String domain = "";
        /// whether it tells of the end of a message that nothing is known of
        private boolean bounce;

        Message(String sender, long bytes) {
            this.sender = sender;
            this.bytes = bytes;
        }
    }

    /// A delivery on its way.
    private record Flight(String domain, Message message) {}

    private static final class Counts {
        private long received;
        private long receivedBytes;
        private long spam;
        private long sent;
        private long sentBytes;
        private long bounced;
    }

    /// What one line after the other says. Whatever makes no sense is passed over: a file may be damaged.
    static final class Lines {
        private static final Message UNKNOWN = new Message("", 0);
        private static final int DECIMAL = 10;

        private final Map<String, Counts> domains = new TreeMap<>();
        private final Map<String, String> names = new HashMap<>();
        private final Map<Long, Flight> flying = new HashMap<>();
        private final Map<Long, Message> messages = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, Message> eldest) {
                return size() > MESSAGES_MAX;
            }
        };

        void take(String text) {
            String[] words = text.split(" ", -1);
            switch (words[0]) {
                case "running" -> flying.clear(); // what flew before will not land
                case "info" -> info(words);
                case "from" -> from(words);
                case "starting" -> starting(words);
                case "delivery" -> ended(words);
                case "bounce" -> bounce(words);
                case "end" -> messages.remove(number(words, 2));
                default -> {
                    // nothing that counts
                }
            }
        }

        List<Traffic> counted() {
            List<Traffic> all = new ArrayList<>();
            domains.forEach((domain, of) -> all.add(
                    new Traffic(domain, of.received, of.receivedBytes, of.spam, of.sent, of.sentBytes, of.bounced)));
            return all;
        }

        /// `info msg N: bytes B from <S> …`
        private void info(String[] words) {
            if (words.length > 6) {
                Message before = messages.get(number(words, 2));
                Message message = new Message(words[6], Math.max(0, number(words, 4)));
                message.bounce = before != null && before.bounce;
                messages.put(number(words, 2), message);
            }
        }

        /// `from msg N: NAME VALUE NAME VALUE …`
        private void from(String[] words) {
            Message message = messages.get(number(words, 2));
            if (message == null) {
                return;
            }
            String login = "";
            for (int i = 3; i + 1 < words.length; i += 2) {
                switch (words[i]) {
                    case "login", "uid" -> login = words[i + 1];
                    case Origin.FILTER -> message.spam = words[i + 1].equals(Origin.SPAM);
                    default -> {
                        // nothing that counts
                    }
                }
            }
            if (!login.isEmpty()) {
                String sender = message.sender.replace("<", "").replace(">", "");
                message.domain = domain(login.indexOf('@') < 0 ? sender : login);
                count(message.domain, counts -> {
                    counts.sent++;
                    counts.sentBytes += message.bytes;
                });
            }
        }

        /// `starting delivery D: msg N to local ADDRESS …`
        private void starting(String[] words) {
            if (words.length < 8) {
                return;
            }
            if (words[6].equals("local")) {
                Message message = messages.getOrDefault(number(words, 4), UNKNOWN);
                String domain = domain(words[7]);
                flying.put(number(words, 2), new Flight(domain, message));
                if (message.bounce) {
                    message.bounce = false;
                    count(domain, counts -> counts.bounced++);
                }
            }
        }

        /// `delivery D: success: …`
        private void ended(String[] words) {
            Flight flight = flying.remove(number(words, 1));
            if (flight != null && words.length > 2 && words[2].equals("success:")) {
                count(flight.domain, counts -> {
                    counts.received++;
                    counts.receivedBytes += flight.message.bytes;
                    counts.spam += flight.message.spam ? 1 : 0;
                });
            }
        }

        /// `bounce msg N qp M`: M is the bounce, and goes to whoever wrote N. That is known where N came today.
        private void bounce(String[] words) {
            Message message = messages.get(number(words, 2));
            if (message != null) {
                count(message.domain, counts -> counts.bounced++);
            } else {
                messages.computeIfAbsent(number(words, 4), _ -> new Message("", 0)).bounce = true;
            }
        }

        private void count(String domain, Consumer<Counts> how) {
            if (!domain.isEmpty() && (domains.size() < QueueControl.DOMAINS_MAX || domains.containsKey(domain))) {
                how.accept(domains.computeIfAbsent(domain, _ -> new Counts()));
            }
        }

        /// The domain of an address, in ASCII; empty for none.
        private String domain(String address) {
            String written = address.substring(address.lastIndexOf('@') + 1);
            if (written.equals(address)) {
                return "";
            }
            if (names.size() >= QueueControl.DOMAINS_MAX) {
                names.clear(); // strangers' domains: they are worth no more than this
            }
            return names.computeIfAbsent(written, DomainName::ascii);
        }

        /// A word that is a number, perhaps with a colon behind; -1 for none.
        private static long number(String[] words, int at) {
            if (at >= words.length) {
                return -1;
            }
            String word = words[at];
            int end = word.endsWith(":") ? word.length() - 1 : word.length();
            if (end == 0 || end > 18) {
                return -1;
            }
            long number = 0;
            for (int i = 0; i < end; i++) {
                int digit = Character.digit(word.charAt(i), DECIMAL);
                if (digit < 0) {
                    return -1;
                }
                number = number * DECIMAL + digit;
            }
            return number;
        }
    }
}
