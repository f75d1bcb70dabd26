package qrate.core;

import java.util.List;
import java.util.Optional;

/// A message's envelope (envelopes(5)): who gets the bounces, and who gets the message.
///
/// @param sender the reverse-path without angle brackets: an address, `""` for a bounce, `"#@[]"` for a double bounce
/// @param parameters ESMTP parameters of MAIL that travel with the message, separated by one space (`RET=… ENVID=…
///     BODY=8BITMIME SMTPUTF8 REQUIRETLS`), or empty
/// @param client who handed it over
/// @param recipients at least one
public record Envelope(String sender, String parameters, Client client, List<Recipient> recipients) {
    /// Longest address or parameter text in UTF-8 bytes; RFC 5321 §4.5.3.1.3 asks for 256, qmail allows more.
    public static final int TEXT_BYTES_MAX = 1000;

    /// The parameter that a message to be held travels with. No client can set it: doors hand on the parameters they
    /// know.
    private static final String HELD = "HELD";

    /// The parameter that says why; it stays with the message in the queue, and goes no further.
    private static final String WHY = "HELDFOR";

    /// Longest reason for which a message is held, in characters.
    public static final int WHY_CHARS_MAX = 120;

    /// What a reason begins with that a filter gives: such a message is in quarantine, and each of its recipients can
    /// get it for himself.
    private static final String BY_FILTER = "a filter: ";

    /// Room for parameters with a reason among them, so that the client has its own behind them.
    private static final int PARAMETERS_CHARS_MAX = TEXT_BYTES_MAX / 2;

    /// The sender of a double bounce, whose own failure is dropped (qmail-send(8)).
    public static final String DOUBLE_BOUNCE_SENDER = "#@[]";

    /// The parameter that a message travels with that an address here sends on: the domain of that address. No
    /// client can set it.
    private static final String SENT_ON = "SENTON";

    /// The parameter that a message travels with whose From a list here has written, whoever wrote the rest. No
    /// client can set it.
    private static final String OWN_FROM = "OWNFROM";

    /// The parameter of a message that goes over sure connections only, or not at all (RFC 8689).
    public static final String REQUIRETLS = "REQUIRETLS";

    /// The variable that tells that to programs, and by which those that hand the message on know it again.
    public static final String REQUIRETLS_VARIABLE = "QRATE_REQUIRETLS";

    public Envelope {
        check(sender);
        check(parameters);
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("an envelope needs a recipient");
        }
    }

    /// An envelope from nobody that is known.
    public Envelope(String sender, String parameters, List<Recipient> recipients) {
        this(sender, parameters, Client.UNKNOWN, recipients);
    }

    /// An envelope as it travels between our own parts and stands in the journal.
    ///
    /// @param travelling what {@link #travelling} gave
    public static Envelope travelled(String sender, String travelling, List<Recipient> recipients) {
        Client.Travelled parts = Client.travelled(travelling);
        return new Envelope(sender, parts.parameters(), parts.client(), recipients);
    }

    /// The parameters with the client behind them, at most {@link #TEXT_BYTES_MAX} bytes.
    public String travelling() {
        return client.behind(parameters);
    }

    /// The same from another client.
    public Envelope from(Client other) {
        return new Envelope(sender, parameters, other, recipients);
    }

    /// The same for a message that the queue holds from its first moment on, until an administrator lets it go.
    public Envelope toHold() {
        return held() ? this : new Envelope(sender, (parameters + " " + HELD).strip(), client, recipients);
    }

    /// The same, and why; the first reason counts.
    ///
    /// @param why for people; cut at {@link #WHY_CHARS_MAX}, and left out where the parameters have no room for it
    public Envelope toHold(String why) {
        if (held()) {
            return this;
        }
        Envelope held = toHold();
        String word = Client.xtext(why.length() <= WHY_CHARS_MAX ? why : why.substring(0, WHY_CHARS_MAX));
        String whole = held.parameters + " " + WHY + "=" + word;
        return word.isEmpty() || whole.length() > PARAMETERS_CHARS_MAX
                ? held
                : new Envelope(sender, whole, client, recipients);
    }

    /// The same for a message that a filter puts aside.
    ///
    /// @param why as it says
    public Envelope toQuarantine(String why) {
        return toHold(BY_FILTER + why.strip());
    }

    /// Why a filter put it aside, if one did.
    public Optional<String> quarantinedFor() {
        String why = heldFor();
        return why.startsWith(BY_FILTER) ? Optional.of(why.substring(BY_FILTER.length())) : Optional.empty();
    }

    /// The same for one that nobody put aside.
    public Envelope letGo() {
        return new Envelope(
                sender, new Parameters(parameters).without(HELD).without(WHY).text(), client, recipients);
    }

    /// Why it was held when it came in, or empty.
    public String heldFor() {
        return new Parameters(parameters).value(WHY).map(Client::decoded).orElse("");
    }

    /// The same as it leaves the queue: without why it was held, and from a client whose message is sent on.
    public Envelope leaving() {
        Parameters all = new Parameters(parameters);
        String text = all.has(WHY) ? all.without(WHY).text() : parameters;
        return new Envelope(sender, text, client.sentOn(), recipients);
    }

    /// Whether the queue is to hold the message.
    public boolean held() {
        return new Parameters(parameters).has(HELD);
    }

    /// The same without a word of that.
    public Envelope notHeld() {
        return held()
                ? new Envelope(sender, new Parameters(parameters).without(HELD).text(), client, recipients)
                : this;
    }

    /// The same as an address of a domain here sends it on: the next host may have to hear another sender. It
    /// stays as it is where the domain is no name that a parameter can hold.
    public Envelope sentOnBy(String domain) {
        String name = DomainName.ascii(domain);
        String marked = new Parameters(parameters).with(SENT_ON, name).text();
        boolean plain = !name.isEmpty() && name.chars().allMatch(c -> c > ' ' && c <= '~' && c != '=');
        return plain && marked.length() <= TEXT_BYTES_MAX ? new Envelope(sender, marked, client, recipients) : this;
    }

    /// Domain of the address here that sends it on last, if one does.
    public Optional<String> sentOnBy() {
        return new Parameters(parameters).value(SENT_ON);
    }

    /// The same for a message in whose From a list here has put itself, so that it is signed in its name.
    public Envelope ownFrom() {
        return new Envelope(sender, (parameters + " " + OWN_FROM).strip(), client, recipients);
    }

    /// Whether a list here has put itself in From.
    public boolean hasOwnFrom() {
        return new Parameters(parameters).has(OWN_FROM);
    }

    /// Whether it goes over sure connections only.
    public boolean requiresTls() {
        return new Parameters(parameters).has(REQUIRETLS);
    }

    /// The same, which does.
    public Envelope requiringTls() {
        return requiresTls() ? this : new Envelope(sender, (parameters + " " + REQUIRETLS).strip(), client, recipients);
    }

    /// The same with other parameters.
    public Envelope with(String others) {
        return new Envelope(sender, others, client, recipients);
    }

    /// The same from another sender.
    public Envelope withSender(String other) {
        return new Envelope(other, parameters, client, recipients);
    }

    /// The same for other recipients.
    public Envelope to(List<Recipient> others) {
        return new Envelope(sender, parameters, client, others);
    }

    /// An envelope without ESMTP parameters.
    public static Envelope of(String sender, String... recipients) {
        return new Envelope(
                sender,
                "",
                java.util.Arrays.stream(recipients).map(Recipient::of).toList());
    }

    /// Refuses what could become a second line, a second field or a second netstring further on.
    ///
    /// @throws IllegalArgumentException for NUL, CR or LF, or more than {@link #TEXT_BYTES_MAX} bytes
    static void check(String text) {
        if (text.length() > TEXT_BYTES_MAX) {
            throw new IllegalArgumentException("longer than " + TEXT_BYTES_MAX + " bytes");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || c == '\r' || c == '\n') {
                throw new IllegalArgumentException("NUL, CR and LF are not allowed in an envelope");
            }
        }
    }
}
