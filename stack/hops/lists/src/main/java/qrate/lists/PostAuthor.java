package qrate.lists;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import qrate.authres.AuthenticationResults;
import qrate.authres.OwnResults;
import qrate.message.AddressList;
import qrate.message.Field;
import qrate.message.Header;
import qrate.message.HeaderWords;

/// Whom a post is from: a list changes messages, so that nothing vouches for an author any more whose domain wants
/// such mail refused (DMARC). Then the list is in From, and the author in Reply-To and X-Original-From.
///
/// @param from what stands in From's place, each field with its LF; empty where From stays
/// @param own our field Authentication-Results, if it stays
record PostAuthor(String from, Optional<Field> own) {
    /// The list's file that says when: `auto`, `always` or `never`; `auto` without it.
    static final String FILE = "rewritefrom";

    private static final Set<String> STRICT = Set.of("quarantine", "reject");
    private static final String FROM = "from";
    private static final String REPLY_TO = "reply-to";

    /// Longest name of an author that is repeated, in bytes.
    private static final int NAME_BYTES_MAX = 200;

    /// Looks at a post.
    ///
    /// @param me name of this host, in which the gate says what it found
    /// @param replies whether answers go where the list or the author says, so that no Reply-To is needed
    /// @throws IOException for a file that says something else
    static PostAuthor of(MailingList list, Header header, Optional<String> me, boolean replies) throws IOException {
        Optional<Field> own = me.flatMap(name -> OwnResults.field(header, name));
        String mode = list.folder().line(FILE).orElse("auto");
        boolean rewritten = switch (mode) {
            case "always" -> true;
            case "never" -> false;
            case "auto" ->
                me.flatMap(name -> OwnResults.of(header, name))
                        .filter(PostAuthor::isStrict)
                        .isPresent();
            default -> throw new IOException(FILE + ": must be auto, always or never");
        };
        List<Field> authors = header.named(FROM);
        return new PostAuthor(rewritten && !authors.isEmpty() ? fields(list, authors.getFirst(), replies) : "", own);
    }

    private static boolean isStrict(AuthenticationResults results) {
        return results.results().stream()
                .filter(one -> one.method().equals("dmarc"))
                .anyMatch(one -> one.value("policy", "dmarc")
                        .map(policy -> policy.toLowerCase(Locale.ROOT))
                        .filter(STRICT::contains)
                        .isPresent());
    }

    private static String fields(MailingList list, Field author, boolean replies) {
        String written = author.tidy().raw();
        String value = written.substring(written.indexOf(':'));
        Optional<AddressList.Mailbox> first = first(author);
        String name = first.map(PostAuthor::name).orElse("somebody");
        String via = name + " via " + word(HeaderWords.bytes(list.local()));
        return "From: " + via + " <" + HeaderWords.bytes(list.address()) + ">\n"
                + (replies || first.isEmpty() ? "" : "Reply-To" + value)
                + "X-Original-From" + value;
    }

    private static Optional<AddressList.Mailbox> first(Field author) {
        return AddressList.parse(author.value()) instanceof AddressList.Parsed.Good(AddressList all)
                ? all.mailboxes().stream().findFirst()
                : Optional.empty();
    }

    /// As the author writes it. Not one that holds an address: whose it is nobody has checked.
    private static String name(AddressList.Mailbox author) {
        String name = author.display();
        boolean usable = !name.isEmpty() && name.length() <= NAME_BYTES_MAX && name.indexOf('@') < 0;
        String local = author.local();
        return usable ? name : word(local.substring(0, Math.min(local.length(), NAME_BYTES_MAX)));
    }

    private static String word(String text) {
        boolean plain = !text.isEmpty()
                && text.chars().allMatch(c -> (c < 0x80 && Character.isLetterOrDigit(c)) || c == '-' || c == '_');
        return plain ? text : HeaderWords.phrase(text);
    }

    /// Whether a field of the post goes since another stands in its place, or since it speaks in our name and is
    /// not ours (RFC 8601 §5): what tells the two apart, the Received fields, goes too.
    boolean replaces(Field field, Optional<String> me) {
        if (field.name().equals(FROM) || field.name().equals("x-original-from")) {
            return !from.isEmpty();
        }
        return me.isPresent()
                && AuthenticationResults.mustGo(field, List.of(me.get()))
                && !own.equals(Optional.of(field));
    }

    /// Whether a header says where answers go, once some fields are gone and others come.
    ///
    /// @param removed names of those that go, lower case
    /// @param added lines of those that come
    static boolean replies(Header header, Set<String> removed, String added) {
        boolean authors = !removed.contains(REPLY_TO) && header.field(REPLY_TO).isPresent();
        return authors
                || added.lines().anyMatch(line -> line.toLowerCase(Locale.ROOT).startsWith(REPLY_TO + ":"));
    }
}
