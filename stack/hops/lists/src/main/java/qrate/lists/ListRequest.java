package qrate.lists;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a command address asks for: the part behind `list-`.
sealed interface ListRequest {
    /// Most messages that one request gets from the archive.
    int MESSAGES_MAX = 100;

    /// `subscribe`, `subscribe-ann=example.org`.
    ///
    /// @param address empty for whoever sent it
    record Subscribe(String address) implements ListRequest {}

    /// `unsubscribe`, `unsubscribe-ann=example.org`.
    record Unsubscribe(String address) implements ListRequest {}

    /// `sc.COOKIE-ann=example.org`, `uc.…`, and a moderator's `tc.…`.
    record Confirm(Kind kind, String cookie, String address) implements ListRequest {}

    /// `oc.CODE-ann=example.org`: a link of a post that this address got.
    record OneClicked(String code, String address) implements ListRequest {}

    /// `help`.
    record Help() implements ListRequest {}

    /// `info`, `faq`: a text of the list.
    record Text(String name) implements ListRequest {}

    /// `get.N`, `get.N_M`.
    record Get(long from, long to) implements ListRequest {}

    /// Anything else.
    record Unknown() implements ListRequest {}

    /// What is confirmed.
    enum Kind {
        SUBSCRIBE("sc"),
        UNSUBSCRIBE("uc"),
        /// a subscription, by a moderator
        MODERATED("tc");

        final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    /// Longest command in characters.
    int CHARS_MAX = 600;

    /// Shape of a command with arguments.
    Pattern CONFIRM = Pattern.compile("(sc|uc|tc)\\.([0-9]{1,12}\\.[a-p]{1,40})-(.+)");

    /// Shape of a command with arguments.
    Pattern ONE_CLICK = Pattern.compile(OneClick.WORD + "\\.([a-p]{1,40})-(.+)");

    /// Shape of a command with arguments.
    Pattern GET = Pattern.compile("get[.-]([0-9]{1,15})(?:[._]([0-9]{1,15}))?");

    /// Reads a command; never fails.
    static ListRequest parse(String text) {
        if (text.length() > CHARS_MAX) {
            return new Unknown();
        }
        String lower = text.toLowerCase(Locale.ROOT);
        Optional<ListRequest> simple = switch (lower) {
            case "subscribe" -> Optional.of(new Subscribe(""));
            case "unsubscribe" -> Optional.of(new Unsubscribe(""));
            case "help" -> Optional.of(new Help());
            case "info", "faq" -> Optional.of(new Text(lower));
            default -> Optional.empty();
        };
        if (simple.isPresent()) {
            return simple.get();
        }
        Matcher confirm = CONFIRM.matcher(lower);
        if (confirm.matches()) {
            return MailingList.unfolded(confirm.group(3))
                    .<ListRequest>map(address -> new Confirm(kind(confirm.group(1)), confirm.group(2), address))
                    .orElse(new Unknown());
        }
        Matcher link = ONE_CLICK.matcher(lower);
        if (link.matches()) {
            return MailingList.unfolded(link.group(2))
                    .<ListRequest>map(address -> new OneClicked(link.group(1), address))
                    .orElse(new Unknown());
        }
        Matcher get = GET.matcher(lower);
        if (get.matches()) {
            long from = Long.parseLong(get.group(1));
            long to = get.group(2) == null ? from : Long.parseLong(get.group(2));
            boolean sound = from > 0 && to >= from && to - from < MESSAGES_MAX;
            return sound ? new Get(from, to) : new Unknown();
        }
        return withAddress(lower);
    }

    private static ListRequest withAddress(String lower) {
        int dash = lower.indexOf('-');
        String word = dash < 0 ? "" : lower.substring(0, dash);
        Optional<String> address = MailingList.unfolded(lower.substring(dash + 1));
        if (address.isEmpty()) {
            return new Unknown();
        }
        return switch (word) {
            case "subscribe" -> new Subscribe(address.get());
            case "unsubscribe" -> new Unsubscribe(address.get());
            default -> new Unknown();
        };
    }

    private static Kind kind(String word) {
        return switch (word) {
            case "sc" -> Kind.SUBSCRIBE;
            case "uc" -> Kind.UNSUBSCRIBE;
            default -> Kind.MODERATED;
        };
    }
}
