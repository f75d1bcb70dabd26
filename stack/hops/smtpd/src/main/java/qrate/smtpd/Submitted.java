package qrate.smtpd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import qrate.core.Address;
import qrate.message.Authors;
import qrate.message.Field;
import qrate.message.Header;
import qrate.message.TraceFields;
import qrate.message.Wanted;

/// What is asked of the header of a message that a user hands in, and what it gets where it lacks something (RFC 6409
/// §6.1 and §8).
///
/// Whoever is responsible must be the user: who wrote it (From), or who sent it for somebody else (Sender, RFC 5322
/// §3.6.2), or who sends on what somebody else wrote (Resent-Sender, Resent-From, §3.6.6).
final class Submitted {
    /// What is kept of the message while it goes by.
    static final Wanted WANTED = wanted();

    private static final String SORRY = "550 5.7.1 sorry, ";

    /// Whether an address is the user's.
    interface Own {
        boolean is(String address) throws IOException;
    }

    private final Header header;

    /// @param header read as {@link #WANTED} says
    Submitted(Header header) {
        this.header = header;
    }

    private static Wanted wanted() {
        Set<String> names = new HashSet<>(Field.RESENT);
        names.addAll(Set.of("from", "sender", "date", "message-id"));
        return Wanted.some(names.toArray(String[]::new));
    }

    /// Why the message is refused, if it is.
    ///
    /// @param authors whether its authors must be the user too, when a Sender or Resent-From field names the user
    Optional<String> refusal(Own own, boolean authors) throws IOException {
        if (header.cut()) {
            return Optional.of(SORRY + "that header has too many fields to tell who it is from");
        }
        List<Field> from = header.named("from");
        if (from.size() > 1) { // each mail program shows the one that it likes
            return unclear("From");
        }
        List<Field> sender = header.named("sender");
        if (sender.size() > 1) {
            return unclear("Sender");
        }
        Optional<Field> resender = resender();
        if (resender.isPresent()) {
            Optional<String> refusal = judge(resender.get(), own);
            if (refusal.isPresent() || !authors) {
                return refusal;
            }
        } else if (!sender.isEmpty() && saysSomebody(sender.getFirst())) {
            Optional<String> refusal = judge(sender.getFirst(), own);
            if (refusal.isPresent() || !authors) {
                return refusal;
            }
        }
        return from.isEmpty() ? Optional.empty() : judge(from.getFirst(), own);
    }

    /// `Sender: root`, as programs of a machine write, names no one who could be somebody else.
    private static boolean saysSomebody(Field field) {
        Authors who = Authors.of(field.text());
        return !field.whole()
                || !who.clear()
                || !who.named().isEmpty()
                || !who.mentioned().isEmpty();
    }

    /// Who sent it on last: each who does puts Resent fields in front of those that are there.
    private Optional<Field> resender() {
        List<Field> block = new ArrayList<>();
        for (Field field : header.fields()) {
            boolean resent = Field.RESENT.contains(field.name());
            boolean goesOn = block.isEmpty()
                    || (field.place() == block.getLast().place() + 1
                            && block.stream().noneMatch(f -> f.name().equals(field.name())));
            if (resent && goesOn) {
                block.add(field);
            } else if (!block.isEmpty()) {
                break;
            }
        }
        return block.stream()
                .filter(f -> f.name().equals("resent-sender"))
                .findFirst()
                .or(() -> block.stream()
                        .filter(f -> f.name().equals("resent-from"))
                        .findFirst());
    }

    private static Optional<String> judge(Field field, Own own) throws IOException {
        String name = field.name().equals("from")
                ? "From"
                : field.name().equals("sender")
                        ? "Sender"
                        : field.name().equals("resent-from") ? "Resent-From" : "Resent-Sender";
        Authors authors = Authors.of(field.text());
        if (!field.whole() || !authors.clear() || authors.named().isEmpty()) {
            return unclear(name);
        }
        for (String address : authors.named()) {
            if (!own.is(address)) {
                return authors.mentioned().isEmpty()
                        ? Optional.of(SORRY + "that " + name + " header names someone else")
                        : unclear(name);
            }
        }
        for (String address : authors.mentioned()) {
            if (!own.is(address)) {
                return Optional.of(SORRY + "that " + name + " header shows someone else's address as a name");
            }
        }
        return Optional.empty();
    }

    private static Optional<String> unclear(String name) {
        return Optional.of(SORRY + "I cannot tell who that " + name + " header names");
    }

    /// Lines that go in front of the message: From, Date and Message-ID where they are missing, and the empty line
    /// where there is no header at all.
    ///
    /// @param login canonical address of the user
    /// @param unique left part of a Message-ID that no other message has
    /// @param me name of this host
    byte[] missing(String login, Instant now, String unique, String me) {
        Set<String> there = new HashSet<>();
        header.fields().forEach(f -> there.add(Field.RESENT.contains(f.name()) ? "from" : f.name()));
        header.fields().forEach(f -> there.add(f.name()));
        StringBuilder lines = new StringBuilder();
        if (!there.contains("from")) { // of what is sent on, somebody else is the author
            lines.append("From: ").append(Address.quoted(login)).append('\n');
        }
        if (!there.contains("date")) {
            lines.append(TraceFields.date(now));
        }
        if (!there.contains("message-id")) {
            lines.append(TraceFields.messageId(unique, me));
        }
        return lines.append(header.headless() ? "\n" : "").toString().getBytes(StandardCharsets.UTF_8);
    }
}
