package qrate.dotqmail;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import qrate.core.Address;
import qrate.core.Body;
import qrate.core.Envelope;
import qrate.core.Intake;
import qrate.core.Program;
import qrate.core.Spool;
import qrate.core.Verdict;

/// `qreceipt deliveryaddress`: tells the envelope sender that a message has arrived, if its
/// Notice-Requested-Upon-Delivery-To field asks so for that address (qreceipt(1)).
///
/// The notice has an empty sender, so nothing ever answers it, and nobody is told of a bounce.
public final class Qreceipt implements Program {
    private static final int HARD = 100;
    private static final int SOFT = 111;
    private static final String FIELD = "notice-requested-upon-delivery-to";

    /// Largest header that is looked at, in bytes.
    static final int HEADER_BYTES_MAX = 256 << 10;

    private final Function<Map<String, String>, Intake> queues;

    /// @param queues from the environment to what takes the notice
    public Qreceipt(Function<Map<String, String>, Intake> queues) {
        this.queues = queues;
    }

    /// What the header says.
    private record Asked(boolean asked, String subject, String messageId) {}

    /// @return 0 whether a notice was sent or none was asked for, 100 for a wrong call or a refusal, 111 for later
    @Override
    public int run(List<String> arguments, Stdio stdio) throws IOException {
        if (arguments.size() != 1) {
            stdio.err().println("qreceipt: usage: qreceipt deliveryaddress");
            return HARD;
        }
        String sender = stdio.environment().get("SENDER");
        if (sender == null) {
            stdio.err().println("qreceipt: fatal: SENDER not set");
            return HARD;
        }
        try (Spool.Held message = Spool.temporary().all(stdio.in())) {
            Asked asked = read(message, arguments.getFirst());
            if (!asked.asked || sender.isEmpty() || sender.equals(Envelope.DOUBLE_BOUNCE_SENDER)) {
                return 0;
            }
            return send(notice(arguments.getFirst(), sender, asked), sender, stdio);
        }
    }

    private int send(String notice, String to, Stdio stdio) {
        Envelope envelope;
        try {
            envelope = Envelope.of("", to);
        } catch (IllegalArgumentException e) {
            stdio.err().println("qreceipt: fatal: SENDER is " + e.getMessage());
            return HARD;
        }
        Verdict verdict =
                queues.apply(stdio.environment()).accept(envelope, Body.of(notice.getBytes(StandardCharsets.UTF_8)));
        return switch (verdict) {
            case Verdict.Delivered(String ok) -> {
                stdio.out().println("qreceipt: " + ok);
                yield 0;
            }
            case Verdict.Later(String why) -> {
                stdio.err().println("qreceipt: fatal: unable to send the notice: " + why);
                yield SOFT;
            }
            case Verdict.Never(String why) -> {
                stdio.err().println("qreceipt: fatal: unable to send the notice: " + why);
                yield HARD;
            }
        };
    }

    private static String notice(String address, String sender, Asked asked) {
        return "From: Delivery notice <" + address + ">\n"
                + "To: <" + Address.quoted(sender) + ">\n"
                + "Subject: delivered: " + asked.subject + "\n"
                + "Auto-Submitted: auto-replied\n"
                + (asked.messageId.isEmpty() ? "" : "In-Reply-To: " + asked.messageId + "\n")
                + "\nYour message has been delivered to " + address + ", as you asked to be told.\n"
                + (asked.messageId.isEmpty() ? "" : "\nMessage-ID: " + asked.messageId + "\n");
    }

    private static Asked read(Body message, String address) throws IOException {
        byte[] start;
        try (InputStream in = new BufferedInputStream(message.open())) {
            start = in.readNBytes(HEADER_BYTES_MAX);
        }
        String text = "\n" + new String(start, StandardCharsets.UTF_8).replace("\r\n", "\n");
        int end = text.indexOf("\n\n");
        String header = (end < 0 ? text : text.substring(0, end)).replaceAll("\n[ \t]+", " ");
        boolean asked = false;
        for (String line : header.split("\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0
                    && line.substring(0, colon).strip().toLowerCase(Locale.ROOT).equals(FIELD)) {
                asked |= Addresses.of(line.substring(colon + 1)).stream().anyMatch(address::equalsIgnoreCase);
            }
        }
        return new Asked(
                asked,
                field(header, "subject").orElse("your message"),
                field(header, "message-id").orElse(""));
    }

    private static Optional<String> field(String header, String name) {
        return header.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1)
                        .replaceAll("\\p{Cntrl}", " ")
                        .strip())
                .filter(value -> !value.isEmpty())
                .findFirst();
    }
}
