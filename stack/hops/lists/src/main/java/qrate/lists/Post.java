package qrate.lists;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import qrate.core.Body;
import qrate.core.Client;
import qrate.core.Envelope;
import qrate.core.Intake;
import qrate.core.Recipient;
import qrate.core.Verdict;
import qrate.message.Field;
import qrate.message.Header;
import qrate.message.HeaderWords;
import qrate.message.TraceFields;

/// Sends a message to every subscriber: `ezmlm-send`.
///
/// @param base where links begin
/// @param me name of this host, in which its gate says what it found
record Post(Intake queue, OneClick.Base base, Lists.Host me) {
    /// Most recipients of one message in the queue; a longer list gets several.
    static final int RECIPIENTS_MAX = 20_000;

    /// Fields that never go out again, whatever `headerremove` says.
    private static final Set<String> REMOVED = Set.of(
            "return-path",
            "received",
            "delivered-to",
            "mailing-list",
            "precedence",
            "list-id",
            "list-post",
            "list-help",
            "list-subscribe",
            "list-unsubscribe",
            "list-unsubscribe-post",
            "list-archive",
            "return-receipt-to",
            "disposition-notification-to");

    /// The same for what goes over sure connections only.
    Post requiringTls() {
        return new Post(queue.requiringTls(), base, me);
    }

    /// Whether a list takes this message at all.
    Optional<String> refused(MailingList list, Mail mail, Header header) throws IOException {
        Optional<String> unfit = mail.unfit(header);
        if (unfit.isPresent()) {
            return unfit;
        }
        String sender = mail.sender();
        if (list.is("deny") && new Subscribers(list.folder(), "deny/").contains(sender)) {
            return Optional.of("your address may not post here (#5.7.1)");
        }
        boolean known = !list.is("subpostonly")
                || list.subscribers().contains(sender)
                || new Subscribers(list.folder(), "allow/").contains(sender);
        return known ? Optional.empty() : Optional.of("only subscribers may post (#5.7.1)");
    }

    /// Checks a message and sends it.
    Outcome post(MailingList list, Mail mail) throws IOException {
        Header header = mail.header();
        Optional<String> refused = refused(list, mail, header);
        return refused.isPresent() ? Outcome.refuse(refused.get()) : send(list, mail.body(), header, mail.client());
    }

    /// Sends a message that is allowed. The number is written last: a crash before repeats the same number.
    Outcome send(MailingList list, Body message, Header header, Client client) throws IOException {
        long number = list.folder().number("num") + 1;
        String prefix = list.folder().line("prefix").orElse("").replace("#", Long.toString(number));
        Set<String> removed = new TreeSet<>(REMOVED);
        list.folder()
                .text("headerremove")
                .ifPresent(text -> text.lines()
                        .map(l -> l.strip().toLowerCase(Locale.ROOT))
                        .forEach(removed::add));
        String front = front(list, number);
        Optional<String> host = me.name();
        PostAuthor author = PostAuthor.of(list, header, host, PostAuthor.replies(header, removed, front));
        Predicate<Field> gone = field -> removed.contains(field.name()) || author.replaces(field, host);
        String common = HeaderWords.bytes(front) + author.from();
        Body plain = Rewritten.of(message, header, common + unsubscribe(list, ""), gone, prefix);
        // one message whatever their number: send puts each recipient in its place (envelopes(5))
        String sender = list.local() + "-return-" + number + "-@" + list.host() + "-@[]";
        Copies copies = new Copies(sender, client, !author.from().isEmpty(), list.host());
        List<String> all = list.subscribers().all();
        Optional<String> url = list.is("oneclick") ? base.url() : Optional.empty();
        Verdict sent = new Verdict.Delivered("");
        if (url.isPresent()) {
            // RFC 8058 §3.1: the address must be in the link, so that each subscriber's header is another
            for (String address : all) {
                String own = common + unsubscribe(list, OneClick.link(list, url.get(), address));
                sent = accept(copies, List.of(address), Rewritten.of(message, header, own, gone, prefix));
                if (!(sent instanceof Verdict.Delivered)) {
                    return Outcome.of(sent);
                }
            }
        } else {
            for (int from = 0; from < all.size(); from += RECIPIENTS_MAX) {
                sent = accept(copies, all.subList(from, Math.min(all.size(), from + RECIPIENTS_MAX)), plain);
                if (!(sent instanceof Verdict.Delivered)) {
                    return Outcome.of(sent);
                }
            }
        }
        if (list.is("archived")) {
            list.folder().write(Archive.file(number), plain);
        }
        list.folder().write("num", number + ":0\n");
        return new Outcome.Done();
    }

    /// What the copies of a post have in common.
    ///
    /// @param ownFrom whether the list is in From
    private record Copies(String sender, Client client, boolean ownFrom, String host) {}

    private Verdict accept(Copies copies, List<String> to, Body body) {
        Envelope envelope = new Envelope(
                copies.sender, "", copies.client, to.stream().map(Recipient::of).toList());
        return queue.sentOn(copies.ownFrom ? envelope.ownFrom() : envelope, body, copies.host);
    }

    private static String front(MailingList list, long number) throws IOException {
        StringBuilder front = new StringBuilder(Letters.mailingList(list));
        front.append("Precedence: bulk\n").append(Letters.listId(list));
        List<String> fields = new ArrayList<>(List.of(
                "List-Post: <mailto:" + list.address() + ">",
                "List-Help: <mailto:" + list.address("help") + ">",
                "List-Subscribe: <mailto:" + list.address("subscribe") + ">",
                "List-Archive: <mailto:" + list.address("get.1_100") + ">"));
        list.folder()
                .text("headeradd")
                .ifPresent(text -> text.lines()
                        .map(String::stripTrailing)
                        .filter(line -> line.indexOf(':') > 0)
                        .map(line -> line.replace("<#l#>", list.local())
                                .replace("<#h#>", list.host())
                                .replace("<#n#>", Long.toString(number)))
                        .forEach(fields::add));
        fields.forEach(field -> front.append(field).append('\n'));
        return front.append(TraceFields.deliveredTo("mailing list " + list.address()))
                .toString();
    }

    private static String unsubscribe(MailingList list, String link) {
        String mail = "<mailto:" + list.address("unsubscribe") + ">";
        String fields = link.isEmpty()
                ? "List-Unsubscribe: " + mail + "\n"
                : "List-Unsubscribe: <" + link + ">, " + mail + "\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n";
        return HeaderWords.bytes(fields);
    }
}
