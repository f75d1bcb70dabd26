package qrate.inject;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import qrate.core.Address;
import qrate.core.Control;
import qrate.core.Envelope;
import qrate.core.Intake;
import qrate.core.Program;
import qrate.core.Recipient;
import qrate.core.Spool;
import qrate.core.Verdict;
import qrate.message.AddressList;
import qrate.message.Field;
import qrate.message.HeaderWords;
import qrate.message.TraceFields;

/// `qmail-inject [-nNaAhH] [-fsender] [recip…]`: mends the header of the message on fd 0 and sends it.
public final class QmailInject implements Program {
    private static final int NEVER = 100;
    private static final int LATER = 111;

    /// At the end of a sender that becomes another one for each recipient (addresses(5)).
    private static final String VERP = "-@[]";

    private static final class Refused extends Exception {
        private final int code;

        Refused(int code, String why) {
            super(why, null, false, false);
            this.code = code;
        }
    }

    private final Control control;
    private final Intake intake;
    private final InstantSource clock;
    private final RandomGenerator random;

    /// @param intake where messages go
    /// @param random for Message-IDs
    public QmailInject(Control control, Intake intake, InstantSource clock, RandomGenerator random) {
        this.control = control;
        this.intake = intake;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        try {
            switch (Options.parse(arguments)) {
                case Options.Parsed.Bad(var why) -> throw new Refused(NEVER, why);
                case Options.Parsed.Good(var options) -> inject(options, stdio);
            }
            return 0;
        } catch (Refused e) {
            stdio.err().println("qmail-inject: fatal: " + e.getMessage());
            return e.code;
        } catch (IOException e) {
            stdio.err().println("qmail-inject: fatal: " + e.getMessage());
            return LATER;
        }
    }

    private void inject(Options options, Stdio stdio) throws Refused, IOException {
        Instant now = clock.instant();
        Map<String, String> environment = stdio.environment();
        HostNames names = HostNames.of(environment, control);
        EnvironmentUser user = EnvironmentUser.of(environment, names, now);
        FollowUp lists = FollowUp.of(environment);
        List<AddressList.Mailbox> arguments = arguments(options, names);
        List<Field> header;
        InputStream rest;
        switch (Incoming.read(stdio.in())) {
            case Incoming.Read.Bad(var why) -> throw new Refused(NEVER, why);
            case Incoming.Read.Good(Incoming(var fields, var following)) -> {
                header = fields;
                rest = new Terminated(following);
            }
        }
        String unique = ProcessHandle.current().pid() + "." + Long.toHexString(random.nextLong());
        Mended mended = switch (Mended.mend(header, new Mended.Making(user, names, lists, now, unique))) {
            case Mended.Result.Bad(var why) -> throw new Refused(NEVER, "unable to parse this line: " + why);
            case Mended.Result.Good(var good) -> good;
        };
        String sender = sender(options, mended, user, names);
        byte[] lines = Incoming.bytes(mended.fields());
        if (options.print()) {
            stdio.out().print(TraceFields.returnPath(Address.quoted(sender)));
            stdio.out().write(lines, 0, lines.length);
            rest.transferTo(stdio.out());
            stdio.out().flush();
            return;
        }
        Envelope envelope = envelope(sender, recipients(options, arguments, mended.recipients()));
        try (Spool.Held body = Spool.temporary().all(rest)) {
            switch (intake.accept(envelope, body.prefixed(lines))) {
                case Verdict.Delivered _ -> {
                    // it is theirs now
                }
                case Verdict.Later(var text) -> throw new Refused(LATER, text);
                case Verdict.Never(var text) -> throw new Refused(NEVER, text);
            }
        }
    }

    private static List<AddressList.Mailbox> arguments(Options options, HostNames names) throws Refused {
        List<AddressList.Mailbox> all = new ArrayList<>();
        for (String argument : options.recipients()) {
            all.addAll(parsed(argument, names).mailboxes());
        }
        return all;
    }

    /// Whether a text is an address list, as callers of sendmail write them, and not an envelope address, which may
    /// have blanks and quotes (addresses(5)).
    private static boolean isList(String text) {
        int first = text.indexOf('@');
        boolean blankBetween = first >= 0
                && text.substring(first, text.lastIndexOf('@')).chars().anyMatch(Character::isWhitespace);
        return text.isEmpty()
                || text.startsWith("\"")
                || text.chars().anyMatch(c -> c == '<' || c == ',' || c == '(')
                || blankBetween;
    }

    /// An argument: an envelope address as it is but for blanks around it, or an address list as a header has it.
    private static AddressList parsed(String given, HostNames names) throws Refused {
        String text = given.strip();
        if (!isList(text)) {
            int at = text.lastIndexOf('@');
            String domain = at < 0 ? "" : text.substring(at + 1);
            if (at == 0) {
                throw new Refused(NEVER, "not an address: " + text);
            }
            AddressList.Mailbox raw = new AddressList.Mailbox(
                    "", HeaderWords.bytes(at < 0 ? text : text.substring(0, at)), HeaderWords.bytes(domain), "", false);
            return new AddressList(List.of(raw)).withDomains(names::complete);
        }
        return switch (AddressList.parse(HeaderWords.bytes(text))) {
            case AddressList.Parsed.Bad(var why) -> throw new Refused(NEVER, "not an address: " + text + ": " + why);
            case AddressList.Parsed.Good(var list) -> list.withDomains(names::complete);
        };
    }

    /// `-f`, else Return-Path, else the environment.
    private static String sender(Options options, Mended mended, EnvironmentUser user, HostNames names) throws Refused {
        if (options.sender().isPresent()) {
            return first(parsed(options.sender().get(), names));
        }
        if (mended.returnPath().isPresent()) {
            String sender = first(mended.returnPath().get());
            boolean perRecipient = user.flag('r') && !sender.isEmpty() && !sender.endsWith(VERP);
            return perRecipient ? sender + VERP : sender;
        }
        return new String(user.sender().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static String first(AddressList list) {
        return list.mailboxes().stream()
                .findFirst()
                .map(AddressList.Mailbox::address)
                .orElse("");
    }

    private static List<AddressList.Mailbox> recipients(
            Options options, List<AddressList.Mailbox> arguments, List<AddressList.Mailbox> header) {
        return switch (options.whom()) {
            case ARGUMENTS -> arguments;
            case HEADER -> header;
            case ARGUMENTS_ELSE_HEADER -> options.recipients().isEmpty() ? header : arguments;
            case BOTH -> {
                List<AddressList.Mailbox> both = new ArrayList<>(arguments);
                both.addAll(header);
                yield both;
            }
        };
    }

    private static Envelope envelope(String sender, List<AddressList.Mailbox> recipients) throws Refused {
        if (recipients.isEmpty()) {
            throw new Refused(NEVER, "no recipients");
        }
        try {
            List<Recipient> all =
                    recipients.stream().map(m -> Recipient.of(m.address())).toList();
            return new Envelope(sender, "", all);
        } catch (IllegalArgumentException e) {
            throw new Refused(NEVER, "not an address: " + e.getMessage());
        }
    }
}
