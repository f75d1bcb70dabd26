package qrate.webhooks;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import qrate.core.Control;

/// A place that wants to be told, as a line of `control/webhooks` says: `URL [EVENT]...`.
///
/// @param events which; all when the line names none
record WebhookTarget(URI url, Set<Notice.Event> events) {
    /// Most lines.
    static final int PLACES_MAX = 10;

    private static final Pattern HERE = Pattern.compile("127(?:\\.[0-9]{1,3}){3}|\\[::1]|localhost");

    WebhookTarget {
        events = Set.copyOf(events);
    }

    /// All that there are.
    ///
    /// @throws IOException when the file cannot be read, or a line makes no sense
    static List<WebhookTarget> of(Control control) throws IOException {
        List<String> lines = control.lines("webhooks");
        if (lines.size() > PLACES_MAX) {
            throw new IOException("control/webhooks: more than " + PLACES_MAX + " lines");
        }
        Set<WebhookTarget> all = new LinkedHashSet<>();
        for (int i = 0; i < lines.size(); i++) {
            String where = "control/webhooks: line " + (i + 1); // what stands there may be a key
            all.add(parse(lines.get(i))
                    .orElseThrow(() -> new IOException(
                            where + ": not https://HOST[:PORT]/PATH [problem] [mailbox] [sender] [login]")));
        }
        return List.copyOf(all);
    }

    /// What a line says; nothing when it makes no sense.
    static Optional<WebhookTarget> parse(String line) {
        String[] words = line.strip().split("[ \\t]+", -1);
        Set<Notice.Event> events = EnumSet.noneOf(Notice.Event.class);
        for (int i = 1; i < words.length; i++) {
            Optional<Notice.Event> event = Notice.Event.of(words[i]);
            if (event.isEmpty()) {
                return Optional.empty();
            }
            events.add(event.get());
        }
        try {
            URI url = new URI(words[0]);
            String host = url.getHost() == null ? "" : url.getHost().toLowerCase(Locale.ROOT);
            boolean safe = "https".equalsIgnoreCase(url.getScheme())
                    || ("http".equalsIgnoreCase(url.getScheme())
                            && HERE.matcher(host).matches());
            return !safe || host.isEmpty() || url.getRawFragment() != null || url.getRawUserInfo() != null
                    ? Optional.empty()
                    : Optional.of(
                            new WebhookTarget(url, events.isEmpty() ? EnumSet.allOf(Notice.Event.class) : events));
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }

    /// Where it is, for a log: a path or a query may be a key.
    String shown() {
        return url.getHost();
    }
}
