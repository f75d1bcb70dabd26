package qrate.lists;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import qrate.core.Body;
import qrate.core.Verdict;

/// Does what command addresses ask for: `ezmlm-manage`, and `ezmlm-get` for the archive.
record Manage(Letters letters) {
    private static final String NOBODY = "return-";

    /// One request that may be answered.
    private record Asked(MailingList list, Mail mail, String sender) {
        Instant now() {
            return mail.now();
        }
    }

    /// `ezmlm-manage`.
    Outcome manage(MailingList list, Mail mail) throws IOException {
        Optional<String> unfit = mail.unfit(mail.header());
        Optional<String> sender = Subscribers.address(mail.sender());
        if (unfit.isPresent() || sender.isEmpty()) {
            return Outcome.refuse(unfit.orElse("I cannot answer your address (#5.1.7)"));
        }
        Asked asked = new Asked(list, mail, sender.get());
        boolean open = list.is("public");
        return switch (Request.parse(mail.rest())) {
            case Request.Subscribe(String address) -> open ? subscribe(asked, or(address, sender.get())) : closed();
            case Request.Unsubscribe(String address) -> unsubscribe(asked, or(address, sender.get()));
            case Request.Confirm confirm -> confirm(asked, confirm);
            case Request.OneClicked(String code, String address) -> oneClick(list, code, address);
            case Request.Help _, Request.Unknown _ -> tell(asked, sender.get(), List.of("help"));
            case Request.Text(String name) -> tell(asked, sender.get(), List.of(name));
            case Request.Get get -> get(asked, get);
        };
    }

    /// `ezmlm-get`: answers requests for the archive and leaves all others.
    Outcome getOnly(MailingList list, Mail mail) throws IOException {
        if (!(Request.parse(mail.rest()) instanceof Request.Get)) {
            return new Outcome.Done();
        }
        Outcome outcome = manage(list, mail);
        return outcome instanceof Outcome.Done ? new Outcome.Stop() : outcome;
    }

    private static Outcome closed() {
        return Outcome.refuse("this list is private: write to its owner (#5.7.2)");
    }

    private static String or(String address, String sender) {
        return address.isEmpty() ? sender : address;
    }

    private Outcome subscribe(Asked asked, String address) throws IOException {
        if (asked.list.is("nosubconfirm") && !asked.list.is("modsub")) {
            return subscribed(asked, address);
        }
        return ask(asked, address, Request.Kind.SUBSCRIBE, "sub-confirm");
    }

    private Outcome unsubscribe(Asked asked, String address) throws IOException {
        return asked.list.is("nounsubconfirm")
                ? unsubscribed(asked, address)
                : ask(asked, address, Request.Kind.UNSUBSCRIBE, "unsub-confirm");
    }

    /// Asks the address itself whether it wants this.
    private Outcome ask(Asked asked, String address, Request.Kind kind, String text) throws IOException {
        String reply = reply(asked, kind, address);
        Letters.Letter letter = new Letters.Letter(
                address,
                NOBODY,
                reply,
                (kind == Request.Kind.SUBSCRIBE ? "confirm subscribe to " : "confirm unsubscribe from ")
                        + asked.list.address(),
                List.of("top", text, "bottom"),
                address);
        return Outcome.of(letters.send(asked.list, letter, asked.now(), head(asked.mail)));
    }

    private static String reply(Asked asked, Request.Kind kind, String address) {
        String cookie = asked.list.cookies().make(kind.word, address, asked.now());
        return kind.word + "." + cookie + "-" + MailingList.folded(address);
    }

    /// What is quoted of a request: its header, so that its victim sees where it came from, and none of its body.
    private static String head(Mail mail) throws IOException {
        String head = String.join("", mail.header().fields());
        String start = head.substring(0, Math.min(head.length(), Letters.QUOTE_BYTES_MAX));
        return new String(start.getBytes(ISO_8859_1), UTF_8);
    }

    private Outcome confirm(Asked asked, Request.Confirm confirm) throws IOException {
        String address = confirm.address();
        if (!asked.list.cookies().valid(confirm.cookie(), confirm.kind().word, address, asked.now())) {
            return tell(asked, address, List.of(confirm.kind() == Request.Kind.UNSUBSCRIBE ? "unsub-bad" : "sub-bad"));
        }
        return switch (confirm.kind()) {
            case SUBSCRIBE -> asked.list.is("modsub") ? askModerators(asked, address) : subscribed(asked, address);
            case UNSUBSCRIBE -> unsubscribed(asked, address);
            case MODERATED -> subscribed(asked, address);
        };
    }

    private Outcome askModerators(Asked asked, String address) throws IOException {
        for (String moderator : asked.list.moderators().all()) {
            Letters.Letter letter = new Letters.Letter(
                    moderator,
                    NOBODY,
                    reply(asked, Request.Kind.MODERATED, address),
                    "CONFIRM subscribe to " + asked.list.address(),
                    List.of("top", "mod-sub-confirm", "bottom"),
                    address);
            Outcome sent = Outcome.of(letters.send(asked.list, letter, asked.now(), ""));
            if (!(sent instanceof Outcome.Done)) {
                return sent;
            }
        }
        return tell(asked, address, List.of("mod-wait"));
    }

    private Outcome subscribed(Asked asked, String address) throws IOException {
        boolean added = asked.list.subscribers().add(address);
        return tell(asked, address, List.of(added ? "sub-ok" : "sub-nop"));
    }

    private Outcome unsubscribed(Asked asked, String address) throws IOException {
        boolean gone = asked.list.subscribers().remove(address);
        return tell(asked, address, List.of(gone ? "unsub-ok" : "unsub-nop"));
    }

    /// Whoever clicked hears it from the page: no letter follows (RFC 8058 §3.2), nor one about a wrong code.
    private static Outcome oneClick(MailingList list, String code, String address) throws IOException {
        if (OneClick.allows(list, code, address)) {
            list.subscribers().remove(address);
        }
        return new Outcome.Done();
    }

    private Outcome tell(Asked asked, String to, List<String> texts) throws IOException {
        List<String> all = new ArrayList<>(List.of("top"));
        all.addAll(texts);
        all.add("bottom");
        String subject = texts.getFirst().toUpperCase(Locale.ROOT) + " " + asked.list.address();
        Letters.Letter letter = new Letters.Letter(to, NOBODY, "help", subject, all, to);
        return Outcome.of(letters.send(asked.list, letter, asked.now(), ""));
    }

    private Outcome get(Asked asked, Request.Get get) throws IOException {
        MailingList list = asked.list;
        boolean member =
                list.subscribers().contains(asked.sender) || list.moderators().contains(asked.sender);
        boolean allowed = (list.is("public") && !list.is("subgetonly")) || member;
        List<Body> found = new ArrayList<>();
        for (long number = get.from(); allowed && number <= get.to(); number++) {
            String file = Archive.file(number);
            if (list.folder().has(file)) {
                found.add(list.folder().body(file));
            }
        }
        if (found.isEmpty()) {
            return tell(asked, asked.sender, List.of("get-bad"));
        }
        Letters.Letter letter = new Letters.Letter(
                asked.sender,
                NOBODY,
                "help",
                "GET " + get.from() + "-" + get.to() + " " + list.address(),
                List.of("top"),
                asked.sender);
        Verdict sent = letters.attach(list, letter, asked.now(), found);
        return Outcome.of(sent);
    }
}
