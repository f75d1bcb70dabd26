package qrate.lists;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import qrate.core.Body;
import qrate.core.Log;
import qrate.core.Verdict;

/// Does what command addresses ask for: `ezmlm-manage`, and `ezmlm-get` for the archive.
record Manage(Letters letters, Log log) {
    private static final String NOBODY = "return-";

    /// One request that may be answered.
    ///
    /// @param proved whether who sent it reads the mail of the address that is written to; else anybody may have
    ///     sent it, and answers are few
    private record Asked(MailingList list, Mail mail, String sender, boolean proved) {
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
        Asked asked = new Asked(list, mail, sender.get(), false);
        boolean open = list.is("public");
        return switch (ListRequest.parse(mail.rest())) {
            case ListRequest.Subscribe(String address) -> open ? subscribe(asked, or(address, sender.get())) : closed();
            case ListRequest.Unsubscribe(String address) -> unsubscribe(asked, or(address, sender.get()));
            case ListRequest.Confirm confirm -> confirm(asked, confirm);
            case ListRequest.OneClicked(String code, String address) -> oneClick(list, code, address);
            case ListRequest.Help _, ListRequest.Unknown _ -> tell(asked, sender.get(), List.of("help"));
            case ListRequest.Text(String name) -> tell(asked, sender.get(), List.of(name));
            case ListRequest.Get get -> get(asked, get);
        };
    }

    /// `ezmlm-get`: answers requests for the archive and leaves all others.
    Outcome getOnly(MailingList list, Mail mail) throws IOException {
        if (!(ListRequest.parse(mail.rest()) instanceof ListRequest.Get)) {
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
        return ask(asked, address, ListRequest.Kind.SUBSCRIBE, "sub-confirm");
    }

    private Outcome unsubscribe(Asked asked, String address) throws IOException {
        return asked.list.is("nounsubconfirm")
                ? unsubscribed(asked, address)
                : ask(asked, address, ListRequest.Kind.UNSUBSCRIBE, "unsub-confirm");
    }

    /// Asks the address itself whether it wants this.
    private Outcome ask(Asked asked, String address, ListRequest.Kind kind, String text) throws IOException {
        String reply = reply(asked, kind, address);
        Letters.Letter letter = new Letters.Letter(
                address,
                NOBODY,
                reply,
                (kind == ListRequest.Kind.SUBSCRIBE ? "confirm subscribe to " : "confirm unsubscribe from ")
                        + asked.list.address(),
                List.of("top", text, "bottom"),
                address);
        return answer(asked, letter, Letters.origin(asked.mail));
    }

    private static String reply(Asked asked, ListRequest.Kind kind, String address) {
        String cookie = asked.list.cookies().make(kind.word, address, asked.now());
        return kind.word + "." + cookie + "-" + MailingList.folded(address);
    }

    /// Writes to somebody, unless they had a letter of late that they may not have asked for either.
    private Outcome answer(Asked asked, Letters.Letter letter, String quoted) throws IOException {
        if (!asked.proved && isHeld(asked, letter.to(), 0)) {
            return new Outcome.Done();
        }
        Outcome sent = Outcome.of(letters.send(asked.list, letter, asked.now(), quoted));
        if (!asked.proved && sent instanceof Outcome.Done) {
            asked.list.answers().answered(letter.to(), 0, asked.now());
        }
        return sent;
    }

    private boolean isHeld(Asked asked, String to, long bytes) throws IOException {
        Optional<String> held = asked.list.answers().held(to, bytes, asked.now());
        held.ifPresent(why ->
                log.line("lists: info: " + asked.list.address() + ": no letter to " + Log.escape(to) + ": " + why));
        return held.isPresent();
    }

    private Outcome confirm(Asked asked, ListRequest.Confirm confirm) throws IOException {
        String address = confirm.address();
        if (!asked.list.cookies().valid(confirm.cookie(), confirm.kind().word, address, asked.now())) {
            return tell(
                    asked, address, List.of(confirm.kind() == ListRequest.Kind.UNSUBSCRIBE ? "unsub-bad" : "sub-bad"));
        }
        boolean first = asked.list.answers().confirmed(address, confirm.cookie(), asked.now());
        Asked proof = new Asked(asked.list, asked.mail, asked.sender, first);
        return switch (confirm.kind()) {
            case SUBSCRIBE -> asked.list.is("modsub") ? askModerators(proof, address) : subscribed(proof, address);
            case UNSUBSCRIBE -> unsubscribed(proof, address);
            case MODERATED -> subscribed(proof, address);
        };
    }

    private Outcome askModerators(Asked asked, String address) throws IOException {
        if (!asked.proved && isHeld(asked, address, 0)) {
            return new Outcome.Done();
        }
        for (String moderator : asked.list.moderators().all()) {
            Letters.Letter letter = new Letters.Letter(
                    moderator,
                    NOBODY,
                    reply(asked, ListRequest.Kind.MODERATED, address),
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
        return answer(asked, letter, "");
    }

    /// Messages of the archive, as many as one letter may hold.
    private Outcome get(Asked asked, ListRequest.Get get) throws IOException {
        MailingList list = asked.list;
        List<Body> found = new ArrayList<>();
        List<String> left = new ArrayList<>();
        long bytes = 0;
        boolean allowed = mayRead(list, asked.sender);
        for (long number = get.from(); allowed && number <= get.to(); number++) {
            String file = Archive.file(number);
            if (!list.folder().has(file)) {
                continue;
            }
            Body message = list.folder().body(file);
            if (bytes + message.size() <= Answers.GET_BYTES_MAX) {
                found.add(message);
                bytes += message.size();
            } else {
                left.add(Long.toString(number));
            }
        }
        if (found.isEmpty() && left.isEmpty()) {
            return tell(asked, asked.sender, List.of("get-bad"));
        }
        if (isHeld(asked, asked.sender, bytes)) {
            return new Outcome.Done();
        }
        Letters.Letter letter = new Letters.Letter(
                asked.sender,
                NOBODY,
                "help",
                "GET " + get.from() + "-" + get.to() + " " + list.address(),
                List.of("top"),
                asked.sender);
        String more = left.isEmpty()
                ? ""
                : "One letter holds at most " + Answers.GET_BYTES_MAX
                        + " bytes of the archive. Not in this one, for their size: " + String.join(" ", left) + "\n";
        Verdict sent = letters.attach(list, letter, asked.now(), more, found);
        if (sent instanceof Verdict.Delivered) {
            list.answers().answered(asked.sender, bytes, asked.now());
        }
        return Outcome.of(sent);
    }

    /// The archive is for subscribers, unless the owner opened it.
    private static boolean mayRead(MailingList list, String address) throws IOException {
        boolean open = list.is("public") && list.is("publicget") && !list.is("subgetonly");
        return open || list.subscribers().contains(address) || list.moderators().contains(address);
    }
}
