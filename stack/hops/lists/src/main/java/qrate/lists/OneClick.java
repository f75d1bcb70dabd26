package qrate.lists;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLEncoder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import qrate.core.Address;
import qrate.core.Body;
import qrate.core.Envelope;
import qrate.core.Intake;
import qrate.core.Verdict;
import qrate.message.TraceFields;

/// The links in `List-Unsubscribe` that take a subscriber off a list (RFC 8058), for whoever has an HTTP server.
///
/// That server touches no list: it sends a message to the list, whose code {@link Manage} checks where the list's key
/// is.
public final class OneClick {
    /// Where links lead, below the base URL.
    public static final String PATH = "/unsubscribe";

    /// Command address of a link: `oc.CODE-ann=example.org`.
    static final String WORD = "oc";

    private static final String WHAT = "oneclick|";
    private static final String CODE = "[a-p]{" + Cookies.MAC_CHARS + "}";

    /// Where the links of this system begin, as control `listurl` says it.
    @FunctionalInterface
    public interface Base {
        /// `https://lists.example.org`; empty where there are no links.
        ///
        /// @throws IOException when that cannot be read
        Optional<String> url() throws IOException;
    }

    /// Whether an address is one of this system's, so that no link sends mail anywhere else.
    @FunctionalInterface
    public interface Known {
        boolean is(Address address) throws IOException;
    }

    private final Base base;
    private final Known known;
    private final Intake queue;
    private final InstantSource clock;
    private final RandomGenerator random;

    /// @param queue takes the message to the list
    public OneClick(Base base, Known known, Intake queue, InstantSource clock, RandomGenerator random) {
        this.base = base;
        this.known = known;
        this.queue = queue;
        this.clock = clock;
        this.random = random;
    }

    /// Whether a link may be one of ours, for the page that GET shows; nothing is changed.
    public boolean known(Map<String, String> query) throws IOException {
        return command(query).isPresent();
    }

    /// POST of a link: the list is told.
    ///
    /// @return what the queue says; Never for a link that cannot be ours
    public Verdict unsubscribe(Map<String, String> query) throws IOException {
        Optional<String> command = command(query);
        if (command.isEmpty()) {
            return new Verdict.Never("no such link");
        }
        Address list = Address.of(query.getOrDefault("list", "").toLowerCase(java.util.Locale.ROOT));
        String owner = list.local() + "-owner@" + list.domain();
        Instant now = clock.instant();
        String id = now.getEpochSecond() + "." + Long.toHexString(random.nextLong()) + ".oneclick";
        String message = TraceFields.date(now) + TraceFields.messageId(id, list.domain()) + "From: " + owner + "\nTo: "
                + command.get() + "\nSubject: unsubscribe by link\n\n";
        return queue.accept(Envelope.of(owner, command.get()), Body.of(message.getBytes(UTF_8)));
    }

    /// The list's address that a link's message goes to.
    private Optional<String> command(Map<String, String> query) throws IOException {
        Optional<String> name = Subscribers.address(query.getOrDefault("list", ""));
        Optional<String> address = Subscribers.address(query.getOrDefault("address", ""));
        String code = query.getOrDefault("code", "");
        if (name.isEmpty()
                || address.isEmpty()
                || !code.matches(CODE)
                || base.url().isEmpty()) {
            return Optional.empty();
        }
        Address list = Address.of(name.get());
        String to =
                list.local() + "-" + WORD + "." + code + "-" + MailingList.folded(address.get()) + "@" + list.domain();
        return known.is(Address.of(to)) ? Optional.of(to) : Optional.empty();
    }

    /// The link of one subscriber, which works as long as the list's key does.
    static String link(MailingList list, String base, String address) {
        String start = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        return start + PATH + "?list=" + URLEncoder.encode(list.address(), UTF_8) + "&address="
                + URLEncoder.encode(address, UTF_8) + "&code="
                + list.cookies().forever(WHAT + address);
    }

    /// Whether a code was made for this address.
    static boolean allows(MailingList list, String code, String address) {
        return list.cookies().isForever(code, WHAT + address);
    }
}
