package qrate.local.deliver;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import qrate.address.Found;
import qrate.core.Client;
import qrate.core.Envelope;
import qrate.core.Log;
import qrate.core.Verdict;
import qrate.dotqmail.Line;
import qrate.local.plan.Deed;
import qrate.local.plan.DotQmail;
import qrate.local.plan.Instructions;
import qrate.local.plan.Place;

/// Follows the instructions of one `.qmail` file, in order, forwards last (qmail-local(8), dot-qmail(5)).
record DotQmailDelivery(DotQmail files, Instructions instructions, Actions actions, Programs programs, Log log) {
    private static final int STOP = 99;
    private static final Pattern EXECUTED = Pattern.compile("[\\p{Cntrl}`$;|&(){}\\\\]");
    private static final Pattern QP = Pattern.compile(" qp (\\d+)");
    private static final Set<Integer> HARD = Set.of(100, 64, 65, 70, 76, 77, 78, 112);

    /// What one instruction came to.
    private sealed interface Step {
        /// @param said what a program said, with its line end; empty for everything else
        record Next(String said) implements Step {}

        record Stop(String said) implements Step {}

        record End(Verdict verdict) implements Step {}
    }

    Verdict run(Mailing mailing, Place place, Found.File file) throws IOException {
        int mailboxes = 0;
        int commands = 0;
        List<String> forwards = new ArrayList<>();
        StringBuilder said = new StringBuilder();
        for (Line line : file.lines()) {
            Step step = new Step.Next("");
            switch (instructions.deed(place, file, line)) {
                case Deed.SendOn(List<String> to) -> forwards.addAll(to);
                case Deed.Run(String command) -> {
                    commands++;
                    step = program(mailing, place, command);
                }
                case Deed.Keep(Deed.Box box) -> {
                    mailboxes++;
                    step = kept(actions.maildir(mailing, box));
                }
                case Deed.Append(Path mbox) -> {
                    mailboxes++;
                    step = kept(actions.mbox(mailing, mbox));
                }
                case Deed.Answer _ -> throw new IllegalStateException("a .qmail file has no such line");
                case Deed.Refuse(Verdict verdict, String warning) -> {
                    if (!warning.isEmpty()) {
                        log.line("lspawn: warning: " + warning);
                    }
                    step = new Step.End(verdict);
                }
            }
            if (step instanceof Step.End(Verdict verdict)) {
                return verdict;
            }
            if (step instanceof Step.Stop(String last)) {
                said.append(last);
                break;
            }
            if (step instanceof Step.Next(String more)) {
                said.append(more);
            }
        }
        String did = said + "did " + mailboxes + "+" + forwards.size() + "+" + commands;
        if (forwards.isEmpty()) {
            return new Verdict.Delivered(did);
        }
        String sender = sender(mailing, place);
        String first = mailboxes + commands == 0 ? Actions.sentOn(mailing, sender) : "";
        Verdict sent = actions.forward(mailing, sender, forwards, mailboxes + commands == 0);
        return sent instanceof Verdict.Delivered(String taken)
                ? new Verdict.Delivered(first + did + queueId(taken))
                : sent;
    }

    /// qmail-local's second line: the queue's number for what was sent on.
    private static String queueId(String taken) {
        Matcher matcher = QP.matcher(taken);
        return matcher.find() ? "\nqp " + matcher.group(1) : "";
    }

    private static Verdict later(String why) {
        return new Verdict.Later(why);
    }

    private static Step kept(Verdict verdict) {
        return verdict instanceof Verdict.Delivered ? new Step.Next("") : new Step.End(verdict);
    }

    private Step program(Mailing mailing, Place place, String command) throws IOException {
        Map<String, String> environment = environment(mailing, place);
        if (programs.isKnown(command)) {
            environment.put(Client.ORIGIN_VARIABLE, mailing.job().client().text());
        }
        if (mailing.requiresTls()) {
            environment.put(Envelope.REQUIRETLS_VARIABLE, "1");
        }
        return switch (programs.run(
                command, place.home(), environment, mailing.job().body())) {
            case Programs.Outcome.Busy _ -> new Step.End(later("Too many programs are running. (#4.3.2)"));
            case Programs.Outcome.Stopped _ -> new Step.End(later("The program ran too long. (#4.3.0)"));
            case Programs.Outcome.Crashed _ -> new Step.End(later("Aack, child crashed. (#4.3.0)"));
            case Programs.Outcome.Exited(int code, String output) -> {
                String said = output.isEmpty() ? "" : output + "\n";
                if (code == 0) {
                    yield new Step.Next(said);
                }
                if (code == STOP) {
                    yield new Step.Stop(said);
                }
                yield new Step.End(HARD.contains(code) ? new Verdict.Never(output) : later(output));
            }
        };
    }

    /// The envelope sender of what is forwarded: the list's owner where one is named (dot-qmail(5)).
    private String sender(Mailing mailing, Place place) throws IOException {
        String sender = mailing.job().sender();
        if (sender.isEmpty() || sender.equals(Envelope.DOUBLE_BOUNCE_SENDER)) {
            return sender;
        }
        String stem = Found.stem(place.user().dash(), place.ext());
        if (!files.exists(place.home(), stem + "-owner")) {
            return sender;
        }
        // DEVIATION: qmail-local puts the virtual domain's prefix in front, to an address that nobody has
        String local = place.user().virtual() ? place.ext() : mailing.to().local();
        return files.exists(place.home(), stem + "-owner-default")
                ? local + "-owner-@" + mailing.to().domain() + "-@[]"
                : local + "-owner@" + mailing.to().domain();
    }

    /// What a program is told (qmail-command(8)), and nothing else.
    Map<String, String> environment(Mailing mailing, Place place) throws IOException {
        Map<String, String> environment = new LinkedHashMap<>();
        String host = mailing.to().domain();
        environment.put("SENDER", mailing.job().sender());
        environment.put("NEWSENDER", sender(mailing, place));
        environment.put("RECIPIENT", mailing.to().toString());
        environment.put("USER", place.user().name());
        environment.put("HOME", place.home().toString());
        environment.put("HOST", host);
        environment.put("HOST2", cutEnd(host, 1));
        environment.put("HOST3", cutEnd(host, 2));
        environment.put("HOST4", cutEnd(host, 3));
        environment.put("LOCAL", mailing.to().local());
        environment.put("EXT", place.ext());
        environment.put("EXT2", cutStart(place.ext(), 1));
        environment.put("EXT3", cutStart(place.ext(), 2));
        environment.put("EXT4", cutStart(place.ext(), 3));
        place.rest().ifPresent(rest -> environment.put("DEFAULT", rest));
        environment.put("DTLINE", mailing.deliveredTo());
        environment.put("RPLINE", mailing.returnPath());
        environment.put("UFLINE", Mbox.fromLine(mailing.job().sender(), actions.now()));
        environment.replaceAll((_, value) -> cleaned(value));
        return environment;
    }

    /// A value in which nothing is left that a shell would execute, were it ever read as a command: strangers choose
    /// addresses. The line end of a whole line stays.
    // DEVIATION: qmail-local hands addresses on as they are, and warns of it (qmail-command(8)).
    static String cleaned(String value) {
        boolean line = value.endsWith("\n");
        String text = line ? value.substring(0, value.length() - 1) : value;
        return EXECUTED.matcher(text).replaceAll("_") + (line ? "\n" : "");
    }

    /// A host without its last labels; the first always stays, as with qmail-local.
    private static String cutEnd(String host, int labels) {
        String left = host;
        for (int i = 0; i < labels; i++) {
            int dot = left.lastIndexOf('.');
            left = dot < 0 ? left : left.substring(0, dot);
        }
        return left;
    }

    /// An extension without its first parts.
    private static String cutStart(String ext, int parts) {
        String left = ext;
        for (int i = 0; i < parts; i++) {
            left = left.substring(left.indexOf('-') < 0 ? left.length() : left.indexOf('-') + 1);
        }
        return left;
    }
}
