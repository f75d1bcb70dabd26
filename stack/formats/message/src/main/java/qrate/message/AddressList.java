package qrate.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// An address list of a header field (RFC 5322 §3.4, qmail-header(5)): mailboxes and groups, with what people write
/// around them.
///
/// Text is bytes as characters (ISO 8859-1), so that whatever lies beyond ASCII passes unchanged.
public record AddressList(List<AddressList.Item> items) {
    /// Longest line written before the next address goes on a new one, in characters (RFC 5322 §2.1.1).
    private static final int LINE_CHARS_MAX = 78;

    public AddressList {
        items = List.copyOf(items);
    }

    /// Something between commas.
    public sealed interface Item {}

    /// One mailbox.
    ///
    /// @param display what stands before the angle brackets, as written
    /// @param local without quotes
    /// @param domain empty when there was none
    /// @param comments what stands behind, as written, in parentheses
    /// @param angle whether it stood in angle brackets
    public record Mailbox(String display, String local, String domain, String comments, boolean angle) implements Item {
        /// The address as an envelope holds it.
        public String address() {
            String address = domain.isEmpty() ? local : local + "@" + domain;
            return new String(address.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        }

        /// `<>`.
        public boolean none() {
            return local.isEmpty() && domain.isEmpty();
        }

        private String text() {
            String address = none() ? "" : HeaderWords.local(local) + (domain.isEmpty() ? "" : "@" + domain);
            String plain = angle || none() ? "<" + address + ">" : address;
            return (display.isEmpty() ? "" : display + " ") + plain + (comments.isEmpty() ? "" : " " + comments);
        }
    }

    /// A named group, maybe of nobody.
    public record Group(String name, List<Mailbox> members) implements Item {
        public Group {
            members = List.copyOf(members);
        }
    }

    /// How reading one went.
    public sealed interface Parsed {
        /// Well; the list may be empty.
        record Good(AddressList list) implements Parsed {}

        /// It makes no sense.
        record Bad(String why) implements Parsed {}
    }

    /// Reads one as people write it, a comma forgotten or a host left out (qmail-header(5)); never throws.
    public static Parsed parse(String text) {
        return AddressParser.parse(text, false);
    }

    /// Reads one that follows the grammar (RFC 5322 §3.4, what is obsolete in it (§4.4) and UTF-8 included), so that
    /// everybody reads it alike; never throws.
    public static Parsed strict(String text) {
        return AddressParser.parse(text, true);
    }

    /// All mailboxes, of groups too; without `<>`.
    public List<Mailbox> mailboxes() {
        List<Mailbox> all = new ArrayList<>();
        for (Item item : items) {
            switch (item) {
                case Mailbox one -> all.add(one);
                case Group group -> all.addAll(group.members);
            }
        }
        return all.stream().filter(m -> !m.none()).toList();
    }

    /// The same list with other domains.
    public AddressList withDomains(UnaryOperator<String> domains) {
        return new AddressList(items.stream()
                .<Item>map(item -> switch (item) {
                    case Mailbox one -> complete(one, domains);
                    case Group group ->
                        new Group(
                                group.name,
                                group.members.stream()
                                        .map(m -> complete(m, domains))
                                        .toList());
                })
                .toList());
    }

    private static Mailbox complete(Mailbox one, UnaryOperator<String> domains) {
        return one.none()
                ? one
                : new Mailbox(one.display, one.local, domains.apply(one.domain), one.comments, one.angle);
    }

    /// The list as it goes into a field, folded between addresses.
    public String text(int column) {
        List<String> pieces = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            String end = i == items.size() - 1 ? "" : ",";
            switch (items.get(i)) {
                case Mailbox one -> pieces.add(one.text() + end);
                case Group(var name, var members) -> {
                    List<String> inner =
                            members.stream().map(Mailbox::text).collect(Collectors.toCollection(ArrayList::new));
                    for (int m = 0; m < inner.size(); m++) {
                        inner.set(m, inner.get(m) + (m == inner.size() - 1 ? ";" + end : ","));
                    }
                    pieces.add(name + ":" + (inner.isEmpty() ? " ;" + end : ""));
                    pieces.addAll(inner);
                }
            }
        }
        StringBuilder text = new StringBuilder();
        int at = column;
        for (String piece : pieces) {
            boolean fold = at + 1 + piece.length() > LINE_CHARS_MAX && !text.isEmpty();
            text.append(text.isEmpty() ? "" : fold ? "\n\t" : " ").append(piece);
            at = fold ? piece.length() + 8 : at + 1 + piece.length();
        }
        return text.toString();
    }
}
