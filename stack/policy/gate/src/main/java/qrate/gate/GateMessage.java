package qrate.gate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import qrate.authres.AuthenticationResults;
import qrate.core.Budget;
import qrate.dkim.Content;
import qrate.message.Field;
import qrate.milter.MilterAnswer;
import qrate.milter.MilterReply;

/// One message as an SMTP server tells of it, step by step. For one thread.
final class GateMessage {
    /// Fields in our name that are removed; a message with more of them is refused, since no SMTP server has to
    /// make so many changes.
    static final int FORGED_MAX = 500;

    /// Domains of recipients at most; recipients in more are put off.
    static final int DOMAINS_MAX = 1_000;

    /// What a byte of a header costs at most: as a field, in a list of its name, and while it is hashed.
    private static final int BYTE_COST = 3;

    private final Judge judge;
    private final Budget.Share memory;
    private final String sender;
    private final Set<String> domains = new HashSet<>();
    private final List<Integer> forged = new ArrayList<>();
    /// What is said of it; nothing while it has not begun, and where nothing is to be checked.
    private Optional<Inspection> inspection = Optional.empty();
    private Optional<Content.Reader> reader = Optional.empty();
    private List<String> troubles = List.of();
    private String first = "";
    private int claims;
    private long held;

    /// @param sender without brackets
    GateMessage(Judge judge, Budget.Share memory, String sender) {
        this.judge = judge;
        this.memory = memory;
        this.sender = sender;
    }

    void recipient(String address) throws IOException {
        String domain = Arrival.domain(address);
        if (domains.size() == DOMAINS_MAX && !domains.contains(domain)) {
            throw new IOException("recipients in more than " + DOMAINS_MAX + " domains");
        }
        domains.add(domain);
        first = domains.size() == 1 && first.isEmpty() ? address : first;
    }

    /// Begins to look at it: its recipients are known.
    ///
    /// @param greylist knows who is no stranger
    /// @throws IOException when a control file cannot be read, or makes no sense
    Optional<Ruling.Refused> begin(InetAddress client, String helo, Greylist greylist) throws IOException {
        Inspection begun = judge.begin(new Arrival(client, helo, sender, domains));
        troubles = begun.troubles();
        Optional<Ruling.Refused> refusal = begun.refusal().or(() -> putOff(begun, greylist));
        if (refusal.isEmpty() && !begun.isIdle()) {
            inspection = Optional.of(begun);
            reader = Optional.of(new Content.Reader(Content.Form.RECEIVED, Inspection.DKIM_LIMITS, begun.wanted()));
        }
        return refusal;
    }

    private Optional<Ruling.Refused> putOff(Inspection begun, Greylist greylist) {
        return begun.origin()
                .flatMap(origin -> greylist.ask(new Greylist.Triple(origin, sender, first), begun.delay()))
                .map(left -> Ruling.Refused.of(
                        451,
                        "4.7.1",
                        List.of("We do not know you yet: please send this again in " + left.toSeconds() + " seconds")));
    }

    /// What the log is told of its beginning.
    List<String> troubles() {
        return troubles;
    }

    /// A field of its header.
    ///
    /// @param value with what stands behind the colon
    /// @throws IOException when there is no room for it
    void field(String name, String value) throws IOException {
        String raw = name + ":" + value + "\n";
        if (name.strip().equalsIgnoreCase(AuthenticationResults.NAME)) {
            claims++;
            if (forged.size() <= FORGED_MAX
                    && AuthenticationResults.mustGo(new Field(raw, 0, true), List.of(judge.name()))) {
                forged.add(claims);
            }
        }
        if (reader.isPresent()) {
            hold((long) BYTE_COST * raw.length());
            write(raw.getBytes(ISO_8859_1));
        }
    }

    private void hold(long bytes) throws IOException {
        if (!memory.take(bytes)) {
            throw new IOException("no room for one header more");
        }
        held += bytes;
    }

    void headerEnd() {
        write(new byte[] {'\n'});
    }

    void body(byte[] piece) {
        write(piece);
    }

    private void write(byte[] bytes) {
        reader.ifPresent(to -> to.write(bytes, 0, bytes.length));
    }

    /// Whether the body does not matter.
    boolean isBodyWanted() {
        return reader.isPresent();
    }

    /// Whether nothing is to be done with it any more.
    boolean isNothingToDo() {
        return reader.isEmpty() && forged.isEmpty();
    }

    /// What is said of it; nothing where nothing was checked.
    Optional<Judgement> judgement() {
        return inspection.flatMap(one -> reader.map(read -> one.end(read.end())));
    }

    /// The answer to its end.
    MilterAnswer answer(Optional<Judgement> judgement) {
        Ruling ruling = forged.size() > FORGED_MAX
                ? Ruling.Refused.of(550, "5.6.0", List.of("Too many Authentication-Results in this host's name"))
                : judgement.map(Judgement::ruling).orElse(new Ruling.Passed());
        MilterAnswer answer = switch (ruling) {
            case Ruling.Passed _ -> MilterAnswer.CONTINUE;
            case Ruling.Quarantined(var reason) -> MilterAnswer.CONTINUE.with(new MilterReply.Quarantine(reason));
            case Ruling.Refused(var code, var lines) -> MilterAnswer.of(new MilterReply.Code(code, lines));
        };
        if (ruling instanceof Ruling.Refused) {
            return answer;
        }
        for (int index : forged.reversed()) { // from below, for those who count anew
            answer = answer.with(new MilterReply.ChangeField(index, AuthenticationResults.NAME, ""));
        }
        for (Field field : judgement.map(Judgement::fields).orElse(List.of()).reversed()) {
            answer = answer.with(new MilterReply.InsertField(0, field.written(), value(field)));
        }
        return answer;
    }

    private static String value(Field field) {
        String raw = field.raw();
        return raw.substring(raw.indexOf(':') + 1, raw.length() - 1);
    }

    /// Looks no further: what was found is forgotten, and fields in our name go all the same.
    void giveUp() {
        inspection = Optional.empty();
        reader = Optional.empty();
    }

    /// It is over.
    void close() {
        giveUp();
        memory.give(held);
        held = 0;
    }
}
