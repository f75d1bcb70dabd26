package qrate.remote.session;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import qrate.core.Envelope;
import qrate.core.Parameters;
import qrate.core.Recipient;
import qrate.core.Spawner;
import qrate.core.Verdict;
import qrate.smtp.DataWriter;
import qrate.smtp.ReplyReader.Reply;

/// One message over one session: MAIL, RCPT, DATA.
final class Transaction {
    /// Commands sent ahead of their replies at most (RFC 2920), so that neither side's buffers fill up.
    static final int PIPELINE_COMMANDS_MAX = 50;

    private static final int PIECE_BYTES = 64 << 10;

    /// What the session is good for afterwards.
    enum After {
        /// another message, which begins with RSET
        CLEAN,
        /// QUIT at most
        SPENT
    }

    /// How it ended.
    sealed interface Result {
        /// With a report.
        record Over(Report report, After after) implements Result {}

        /// The server never had the whole message, and it may be the connection's fault: another one may do.
        record Lost(Verdict verdict) implements Result {}
    }

    private final Session session;
    private final Outgoing message;
    private final Course course;
    private final DataWriter writer;
    private final String address;
    private final List<Recipient> recipients;
    private final List<Optional<Verdict>> refusals = new ArrayList<>();

    private Transaction(Session session, Outgoing message, Course course) {
        this.session = session;
        this.message = message;
        this.course = course;
        this.writer = new DataWriter(session.wire().out());
        this.address = session.address();
        this.recipients = message.envelope().recipients();
    }

    /// Sends a message.
    static Result run(Session session, Outgoing message, Course course) {
        session.countTransaction();
        return new Transaction(session, message, course).run();
    }

    private Result run() {
        Optional<Verdict> hopeless = hopeless();
        if (hopeless.isPresent()) {
            return new Result.Over(Report.all(hopeless.get()), After.CLEAN);
        }
        List<Recipient> asked = new ArrayList<>();
        for (Recipient recipient : recipients) {
            Optional<Verdict> unfit = unfit(recipient);
            refusals.add(unfit);
            if (unfit.isEmpty()) {
                asked.add(recipient);
            }
        }
        if (asked.isEmpty()) {
            return over(givingUp(), After.CLEAN);
        }
        return envelope(asked);
    }

    private Optional<Verdict> hopeless() {
        Extensions offered = session.offered();
        if (Outgoing.path(message.envelope().sender()).isEmpty()) {
            return Optional.of(new Verdict.Never("The sender's address cannot be written in SMTP. (#5.1.7)\n"));
        }
        if (message.survey().wireBytes() > offered.sizeMax()) {
            return Optional.of(new Verdict.Never("Connected to " + address + " but the message has "
                    + message.survey().wireBytes() + " bytes, and it takes no more than " + offered.sizeMax()
                    + ". (#5.3.4)\n"));
        }
        return message.international() && !offered.has("SMTPUTF8")
                ? Optional.of(new Verdict.Never("Connected to " + address
                        + " but it does not offer SMTPUTF8, which the message needs. (#5.6.7)\n"))
                : Optional.empty();
    }

    private Optional<Verdict> unfit(Recipient recipient) {
        if (Outgoing.path(recipient.address()).isEmpty()) {
            return Optional.of(new Verdict.Never("The address cannot be written in SMTP. (#5.1.3)\n"));
        }
        return Outgoing.international(recipient.address()) && !session.offered().has("SMTPUTF8")
                ? Optional.of(new Verdict.Never("Connected to " + address
                        + " but it does not offer SMTPUTF8, which the address needs. (#5.6.7)\n"))
                : Optional.empty();
    }

    /// MAIL and RCPT, pipelined where offered; DATA is never sent ahead, so that it always has a recipient. On a used
    /// connection RSET comes first, and nothing that is refused before DATA counts: whatever was there before may
    /// be the reason, and a fresh connection decides.
    private Result envelope(List<Recipient> asked) {
        Verdict dead = new Verdict.Later("Connected to " + address + " but connection died. (#4.4.2)\n");
        List<String> commands = new ArrayList<>();
        if (session.used()) {
            if (session.disturbed()) {
                return new Result.Lost(dead);
            }
            commands.add("RSET");
        }
        commands.add(message.mail(session));
        asked.forEach(r -> commands.add(Outgoing.rcpt(r, session.offered())));
        List<Reply> replies = new ArrayList<>();
        boolean died = false;
        try {
            exchange(commands, commands.size() - asked.size(), replies);
        } catch (IOException _) {
            died = true;
        }
        if (session.used() && (died || replies.stream().anyMatch(Transaction::spent) || !begun(replies))) {
            return new Result.Lost(dead);
        }
        if (replies.isEmpty()) {
            return new Result.Lost(dead);
        }
        if (session.used()) {
            replies.removeFirst();
        }
        Reply mail = replies.getFirst();
        if (!mail.positive()) {
            Verdict verdict =
                    Opener.said("Connected to " + address + " but sender was rejected.", mail, session.permanent(mail));
            return new Result.Over(Report.all(verdict), spent(mail) || died ? After.SPENT : After.CLEAN);
        }
        settle(replies, dead);
        boolean closing = died || replies.stream().anyMatch(Transaction::spent);
        if (refusals.stream().allMatch(Optional::isPresent)) {
            return over(givingUp(), closing ? After.SPENT : After.CLEAN);
        }
        return closing ? over(dead, After.SPENT) : data();
    }

    /// Whether RSET and MAIL were taken.
    private static boolean begun(List<Reply> replies) {
        return replies.size() > 1 && replies.get(0).positive() && replies.get(1).positive();
    }

    /// @param first how many commands stand before the first RCPT; when one of them is refused, no more are sent
    private void exchange(List<String> commands, int first, List<Reply> replies) throws IOException {
        int window = session.offered().has("PIPELINING") ? PIPELINE_COMMANDS_MAX : 1;
        for (int from = 0; from < commands.size(); from += window) {
            int to = Math.min(from + window, commands.size());
            for (String command : commands.subList(from, to)) {
                session.write(command);
            }
            for (int i = from; i < to; i++) {
                replies.add(session.reply());
            }
            if (replies.stream().limit(first).anyMatch(reply -> !reply.positive())) {
                return;
            }
        }
    }

    /// Puts the replies to RCPT where the recipients stand; who got none is told that the connection died.
    private void settle(List<Reply> replies, Verdict dead) {
        int next = 1;
        for (int i = 0; i < refusals.size(); i++) {
            if (refusals.get(i).isPresent()) {
                continue;
            }
            if (next < replies.size()) {
                Reply reply = replies.get(next++);
                if (!reply.positive()) {
                    Verdict said = Opener.said(address + " does not like recipient.", reply, session.permanent(reply));
                    refusals.set(i, Optional.of(Verdict.of(said.code(), said.text() + givingUpText())));
                }
            } else {
                refusals.set(i, Optional.of(dead));
            }
        }
    }

    private Result data() {
        Verdict dead = new Verdict.Later("Connected to " + address + " but connection died. (#4.4.2)\n");
        try {
            Reply go = session.command("DATA");
            if (go.code() != 354) {
                if (session.used() && (spent(go) || go.positive() || go.code() == 503)) {
                    return new Result.Lost(dead);
                }
                Verdict verdict = Opener.said(address + " failed on DATA command.", go, session.permanent(go));
                return over(verdict, spent(go) || go.positive() ? After.SPENT : After.CLEAN);
            }
            Optional<Verdict> unread = content();
            if (unread.isPresent()) {
                return over(unread.get(), After.SPENT); // without the final dot, so that nothing of it counts
            }
        } catch (IOException _) {
            return early().orElseGet(() -> session.used() ? new Result.Lost(dead) : over(dead, After.SPENT));
        }
        if (!course.mayEnd()) {
            return over(Course.stopped(), After.SPENT);
        }
        try {
            session.wire().within(session.patience());
            writer.finish();
            return ended(session.reply());
        } catch (IOException _) {
            return over(
                    new Verdict.Later(
                            "Connected to " + address + " but connection died. Possible duplicate! (#4.4.2)\n"),
                    After.SPENT);
        } finally {
            course.isOver();
        }
    }

    private Result ended(Reply reply) {
        if (reply.positive()) {
            String text = address + " accepted message.\n" + protection() + "Remote host said: "
                    + Texts.bounded(reply.text()) + "\n";
            return over(new Verdict.Delivered(reportsItself() + text), After.CLEAN);
        }
        Verdict verdict = Opener.said(address + " failed after I sent the message.", reply, session.permanent(reply));
        return over(verdict, spent(reply) || reply.code() < 400 ? After.SPENT : After.CLEAN);
    }

    /// How the way was secured, and whether the next host knows that the rest of it must be.
    private String protection() {
        String said = session.protection();
        return message.saysRequireTls(session) ? said.replace(".\n", ", " + Envelope.REQUIRETLS + ".\n") : said;
    }

    /// What a server said that did not wait for the end of a message that it does not want.
    private Optional<Result> early() {
        try {
            if (session.wire().expired()) {
                return Optional.empty();
            }
            Reply reply = session.heard();
            return reply.code() < 400
                    ? Optional.empty()
                    : Optional.of(over(
                            Opener.said(address + " failed while I sent the message.", reply, session.permanent(reply)),
                            After.SPENT));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /// The line that says that the next hop took over NOTIFY, if any was passed on to it.
    private String reportsItself() {
        boolean passedOn = session.offered().has("DSN")
                && recipients.stream().anyMatch(one -> new Parameters(one.parameters()).has("NOTIFY"));
        return passedOn ? Spawner.REPORTS_ITSELF + "\n" : "";
    }

    /// Sends the body; a body that cannot be read is ours to explain, not the server's.
    ///
    /// @throws IOException when the connection breaks, or the server answers before its time
    private Optional<Verdict> content() throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        Verdict unread = new Verdict.Later("Unable to read message. (#4.3.0)\n");
        InputStream in;
        try {
            in = message.body().open();
        } catch (IOException _) {
            return Optional.of(unread);
        }
        try (in) {
            while (true) {
                int n;
                try {
                    n = in.read(piece);
                } catch (IOException _) {
                    return Optional.of(unread);
                }
                if (n < 0) {
                    return Optional.empty();
                }
                if (session.wire().ready()) {
                    throw new IOException("the server answered before the end");
                }
                session.wire().within(session.patience());
                writer.write(piece, 0, n);
            }
        }
    }

    private Result over(Verdict verdict, After after) {
        List<Verdict> each = refusals.stream()
                .map(refusal -> refusal.orElseGet(() -> new Verdict.Delivered("")))
                .toList();
        return new Result.Over(new Report(each, verdict), after);
    }

    private Verdict givingUp() {
        return new Verdict.Never(givingUpText());
    }

    private String givingUpText() {
        return "Giving up on " + address + ".\n";
    }

    /// 421: the server closes (RFC 5321 §3.8).
    private static boolean spent(Reply reply) {
        return reply.code() == 421;
    }
}
