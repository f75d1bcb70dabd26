package qrate.dotqmail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
import qrate.message.AddressList;
import qrate.message.Header;
import qrate.message.Wanted;

/// `qreceipt deliveryaddress`: tells the envelope sender that a message has arrived, if its
/// Notice-Requested-Upon-Delivery-To field asks so for that address (qreceipt(1)).
///
/// The notice has an empty sender, so nothing ever answers it, and nobody is told of a bounce.
public final class Qreceipt implements Program {
    private static final int HARD = 100;
    private static final int SOFT = 111;
    private static final String SUBJECT = "subject";
    private static final String MESSAGE_ID = "message-id";
    private static final String FIELD = "notice-requested-upon-delivery-to";

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
        Wanted.Limits limits = Wanted.Limits.USUAL.within(Wanted.Limits.USUAL.lines(), Wanted.HEADER_BYTES_MAX);
        Header header =
                Header.of(message, Wanted.some(FIELD, SUBJECT, MESSAGE_ID).within(limits));
        boolean asked = header.named(FIELD).stream()
                .flatMap(field -> addresses(field.value()).stream())
                .anyMatch(address::equalsIgnoreCase);
        return new Asked(
                asked,
                value(header, SUBJECT).orElse("your message"),
                value(header, MESSAGE_ID).orElse(""));
    }

    private static List<String> addresses(String value) {
        return switch (AddressList.parse(value)) {
            case AddressList.Parsed.Good(AddressList list) ->
                list.mailboxes().stream().map(AddressList.Mailbox::address).toList();
            case AddressList.Parsed.Bad _ -> List.of();
        };
    }

    private static Optional<String> value(Header header, String name) {
        return header.named(name).stream()
                .map(field -> field.text().replaceAll("\\p{Cntrl}", " ").strip())
                .filter(value -> !value.isEmpty())
                .findFirst();
    }
}
