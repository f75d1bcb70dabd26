package qrate.smtpd;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import qrate.address.Addresses;
import qrate.core.Body;
import qrate.core.Control;
import qrate.core.Recipient;
import qrate.core.Verdict;
import qrate.message.Header;
import qrate.qmqp.QmtpServer;
import qrate.smtp.MailPath;

/// What SMTP asks about senders and recipients, asked by QMTP (qmail-qmtpd(8)): rcpthosts, morercpthosts, RELAYCLIENT,
/// databytes, and the lists of bad ones as well.
final class QmtpRules implements QmtpServer.Rules {
    private final Control control;
    private final Policy policy;

    private QmtpRules(Control control, Policy policy) {
        this.control = control;
        this.policy = policy;
    }

    static Function<Map<String, String>, QmtpServer.Rules> of(Control control, Addresses addresses) {
        return environment -> new QmtpRules(control, new Policy(control, addresses, environment));
    }

    @Override
    public String me() throws IOException {
        return control.lineOrMe("me");
    }

    @Override
    public long bytesMax() throws IOException {
        return policy.bytesMax();
    }

    @Override
    public Optional<Verdict> sender(String address) throws IOException {
        return policy.badSender(path(address)).map(QmtpRules::verdict);
    }

    @Override
    public QmtpServer.Judgement recipient(String address) throws IOException {
        return switch (policy.recipient(path(address))) {
            case Policy.Judgement.Taken(Recipient recipient) -> new QmtpServer.Judgement.Taken(recipient);
            case Policy.Judgement.Refused(String reply) -> new QmtpServer.Judgement.Refused(verdict(reply));
        };
    }

    @Override
    public Optional<Verdict> message(Body body) throws IOException {
        return Header.of(body, Hops.WANTED).cut()
                ? Optional.of(new Verdict.Never("too many hops, this message is looping (#5.4.6)"))
                : Optional.empty();
    }

    private static MailPath path(String address) {
        int at = address.lastIndexOf('@');
        boolean utf8 = address.chars().anyMatch(c -> c > 0x7f);
        return at < 0
                ? new MailPath(address, "", utf8)
                : new MailPath(
                        address.substring(0, at), address.substring(at + 1).toLowerCase(Locale.ROOT), utf8);
    }

    /// `553 5.7.1 sorry` as QMTP says it: `Dsorry (#5.7.1)`.
    private static Verdict verdict(String reply) {
        String[] parts = reply.split(" ", 3);
        String text = parts[2] + " (#" + parts[1] + ")";
        return reply.startsWith("4") ? new Verdict.Later(text) : new Verdict.Never(text);
    }
}
